import { densityLayout, type Executor, type ExpectationPass, type OpenLists, openListsHere } from "@emix/core";
import type { BlocksRequest, ListingRequest } from "../../protocol.ts";

/** Runs of EM, or restarts side by side. */
const KEPT = 8;

interface KeptLists extends OpenLists {
  readonly components: number;
}

/**
 * What this worker knows from step to step of runs of EM: which pairs of its points and components are 0. Nothing of it
 * changes a bit, so it may go at any time.
 */
export class WorkerLists {
  readonly #limit: number;
  /** those that were not used for longest come first */
  readonly #kept = new Map<string, KeptLists>();

  /** in: limit, bytes that all lists may take */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** A pass over some blocks with what is known. in: range, of the blocks */
  async listed(
    executor: Executor,
    pass: ExpectationPass,
    { plan, listing }: BlocksRequest & { readonly listing: ListingRequest },
    range: { readonly first: number; readonly end: number },
  ): Promise<ExpectationPass> {
    const { run, inflations, unit, scales, wider } = listing;
    const { components, covarianceType } = pass.program.shape;
    const key = [run, plan.id, covarianceType, range.first, range.end].join("/");
    const { lists } = await this.#open(key, executor, pass);
    if (lists === undefined) return pass;
    const { pivots, biases } = densityLayout(components, plan.features, covarianceType);
    const means = pass.parameters.subarray(pivots, biases);
    const context = { components, features: plan.features, means, inflations, unit, scales: () => scales };
    return lists.listed(executor, pass, context, wider ?? undefined);
  }

  async #open(key: string, executor: Executor, { program }: ExpectationPass): Promise<OpenLists> {
    const { components } = program.shape;
    const known = this.#kept.get(key);
    this.#kept.delete(key);
    if (known !== undefined && known.components >= components) {
      this.#kept.set(key, known);
      return known;
    }
    known?.close();
    const opened = await openListsHere(executor, program.shape, 0);
    this.#kept.set(key, { ...opened, components });
    this.#makeRoom();
    return this.#kept.get(key) ?? { bytes: 0, close: () => undefined };
  }

  #makeRoom(): void {
    let bytes = 0;
    for (const lists of this.#kept.values()) bytes += lists.bytes;
    for (const [key, lists] of this.#kept) {
      if (bytes <= this.#limit && this.#kept.size <= KEPT) return;
      this.#kept.delete(key);
      lists.close();
      bytes -= lists.bytes;
    }
  }
}
