import { type BlockGrid, type TilesFacts, tileCount } from "@emix/core";

/** A range of blocks or tiles that belongs to one partition of the points. */
export interface PartitionRange {
  readonly partition: number;
  readonly first: number;
  readonly end: number;
}

/** Boundaries of partitions lie at multiples of a power of two, at least this many to a partition, so that few nodes make up one. */
const UNITS_OF_PARTITION = 8;

/** The tiles of each partition. */
export function tilesOfPartitions(tiles: Pick<TilesFacts, "count" | "tileSize">, partitions: number): PartitionRange[] {
  return cutIntoPartitions(tileCount(tiles), partitions, 1);
}

/** The blocks of each partition, about where its tiles are. */
export function blocksOfPartitions({ blocks }: BlockGrid, partitions: number): PartitionRange[] {
  return cutIntoPartitions(
    blocks,
    partitions,
    Math.max(1, 2 ** Math.floor(Math.log2(blocks / (partitions * UNITS_OF_PARTITION)))),
  );
}

/** Cuts [0, total) at multiples of a unit. Parts that would have nothing are left out. */
function cutIntoPartitions(total: number, partitions: number, unit: number): PartitionRange[] {
  const boundary = (partition: number) =>
    partition === partitions ? total : Math.round((partition * total) / partitions / unit) * unit;
  return Array.from({ length: partitions }, (_, partition) => ({
    partition,
    first: Math.min(boundary(partition), total),
    end: Math.min(boundary(partition + 1), total),
  })).filter(({ first, end }) => first < end);
}
