import { Command } from "commander";
import { type InputOptions, withInputOptions } from "../input.ts";
import { fileOptionsOf } from "../input-flags.ts";
import { type OpenModel, readModel } from "../model.ts";
import { openOutputs } from "../outputs/output.ts";
import { type QuietFlag, withQuietFlag } from "../reading.ts";
import { withRowEngine } from "../with-engine.ts";
import type { DataFacts } from "./data-facts.ts";
import { reportDataOf } from "./report-data.ts";

type ReportFlags = InputOptions &
  QuietFlag & {
    readonly output?: string;
    readonly png?: string;
    readonly title?: string;
  };

export function reportCommand(): Command {
  return withQuietFlag(withInputOptions(new Command("report")))
    .description(
      "Writes a page that shows a model: what was found, tables and pictures, and with a file of points the points " +
        "themselves. The page is one file, which needs no network.",
    )
    .argument("<model>", "a model as `emix fit --output` writes it, JSON or .npz")
    .argument("[file]", "the file of points")
    .option("-o, --output <file>", "where to write the page (default: the model's name with .html)")
    .option("--png <file>", "write its first picture too, as PNG")
    .option("--title <text>", "the title of the page (default: the name of the file of points)")
    .action(runReport);
}

async function runReport(
  modelPath: string,
  path: string | undefined,
  flags: ReportFlags,
  command: Command,
): Promise<void> {
  const needless = path === undefined && (flags.threads !== undefined || Object.keys(fileOptionsOf(flags)).length > 0);
  if (needless) command.error("error: expected a file of points for the flags that say how it is read");
  const { output = `${modelPath.replace(/\.[^./]*$/, "")}.html`, png } = flags;
  const inputs = [modelPath, ...(path === undefined ? [] : [path])];
  const [page, picture] = await openOutputs([output, ...(png === undefined ? [] : [png])], inputs);
  const model = await readModel(modelPath);
  const data = path === undefined ? null : await factsOf(model, path, flags);
  const report = reportDataOf({ model, data, title: flags.title });
  const { pairPicture, reportPage, reportPng } = await import("@emix/report");
  if (picture !== undefined) await picture.write(await reportPng(await pairPicture(report)));
  await page.write(new TextEncoder().encode(await reportPage(report)));
  if (flags.quiet) return;
  if (picture !== undefined) process.stderr.write(`emix: the picture is in ${png}\n`);
  if (output !== "-") process.stderr.write(`emix: the report is in ${output}; open it in a browser\n`);
}

async function factsOf(model: OpenModel, path: string, flags: ReportFlags): Promise<DataFacts> {
  const { dataFacts } = await import("./data-facts.ts");
  const seed = model.fit?.seed ?? 0;
  return withRowEngine(flags, (engine, signal) => dataFacts(engine, model, { path, flags, seed, signal }));
}
