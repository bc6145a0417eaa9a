import type { Task } from "../protocol.ts";
import { describe, survey } from "./files.ts";
import type { WorkerPasses } from "./passes.ts";
import { type PredictPlaces, predict } from "./predict.ts";
import {
  blocksRequest,
  evaluateRequest,
  filesRequest,
  gatherRequest,
  numbersRequest,
  predictRequest,
} from "./requests.ts";

/** Where a worker has its files, and its points. */
interface Places extends PredictPlaces {
  readonly passes: WorkerPasses;
}

/** Does what a task asks. in: request, as it was read from Redis */
export async function answerTo(task: Task, request: unknown, places: Places): Promise<unknown> {
  const { root, passes } = places;
  switch (task.kind) {
    case "describe":
      return describe(root, filesRequest(request));
    case "survey":
      return survey(root, filesRequest(request), task.first);
    case "sums":
      return passes.sums(blocksRequest(request, task), task);
    case "slots":
      return passes.slots(blocksRequest(request, task), task);
    case "evaluate":
      return passes.evaluate(evaluateRequest(request, task), task);
    case "gather":
      return passes.gather(gatherRequest(request, task), task);
    case "weights":
      return passes.weights(numbersRequest(request, task), task);
    case "volumes":
      return passes.volumes(numbersRequest(request, task), task);
    case "predict":
      return predict(predictRequest(request, task), task.first, places);
  }
}
