import { createHash, randomUUID } from "node:crypto";
import type { TilesFacts, Transform } from "@emix/core";
import type { Plan } from "../protocol.ts";

/** Points of files that the workers of a cluster have, ready for any number of fits. */
export class ClusterPoints {
  /** The features, d: names of columns, or name=SQL. */
  readonly columns: readonly string[];
  /** the files, below the root of the workers */
  readonly paths: readonly string[];
  /** @internal */
  readonly plan: Plan;
  /** @internal */
  readonly tiles: TilesFacts;
  /** @internal the worker that each partition is with */
  readonly owners: readonly string[];

  /** @internal Use `load` of a cluster. */
  constructor(plan: Plan, tiles: TilesFacts, owners: readonly string[], columns: readonly string[]) {
    this.plan = plan;
    this.tiles = tiles;
    this.owners = owners;
    this.columns = columns;
    this.paths = plan.files.map(({ path }) => path);
  }

  /** @internal The same points as a mixture sees them: workers transform them when they load them. */
  withTransforms(transforms: readonly Transform[]): ClusterPoints {
    const plan = { ...this.plan, id: randomUUID(), transforms };
    return new ClusterPoints(plan, this.tiles, this.owners, this.columns);
  }

  /** n, the number of points that were kept */
  get count(): number {
    return this.tiles.count;
  }

  /** d */
  get features(): number {
    return this.tiles.features;
  }

  /** @internal SHA-256 of the files, in order, and of how they are read */
  get checksum(): string {
    const files = this.plan.files.map(({ checksum }) => checksum);
    return createHash("sha256")
      .update(JSON.stringify([files, this.plan.read, this.plan.transforms]))
      .digest("hex");
  }

  /** rows that the files have */
  get rows(): number {
    return this.plan.files.reduce((sum, { rows }) => sum + rows, 0);
  }

  /** rows that `missing: "drop"` left out */
  get dropped(): number {
    return this.rows - this.count;
  }
}
