import { writeModel } from "@emix/io";
import { Command } from "commander";
import { readModel } from "./model.ts";
import { fraction } from "./numbers.ts";
import { openModelOutputs } from "./outputs/model-outputs.ts";

interface ConvertFlags {
  readonly output: string;
  readonly outliers?: number;
}

export function convertCommand(): Command {
  return new Command("convert")
    .description(
      "Writes a model in another format: JSON, NumPy's .npz under scikit-learn's names, or ONNX. A model is read by its " +
        "content, whatever its name.",
    )
    .argument("<model>", "a model as `emix fit --output` writes it, JSON or .npz")
    .requiredOption(
      "-o, --output <file>",
      "file to write, in the format of its ending: .json, .npz, .onnx; - prints JSON",
    )
    .option(
      "--outliers <fraction>",
      "give the ONNX graph an output is_outlier, true for this share of the fitted points",
      fraction,
    )
    .action(runConvert);
}

async function runConvert(modelPath: string, { output, outliers }: ConvertFlags): Promise<void> {
  const [file] = await openModelOutputs([output], [modelPath]);
  const { mixture, path: _, ...about } = await readModel(modelPath);
  const model = { ...about, mixture: mixture.parameters };
  await file.write(writeModel(model, file.format, { ...(outliers !== undefined && { outliers }) }));
}
