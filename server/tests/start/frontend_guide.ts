import { spawn } from "node:child_process";
import { ifBusy } from "../../../db/testing/busy.ts";
import { blocksOf } from "../../../docs/guides/blocks.ts";
import { type Place, project } from "./support.ts";

export type Told = { code: string; expected: string; printed: string };

const marker = "---- end of a block ----";

/** Runs the program that docs/guides/frontend.md is, at an API; answers with what each of its blocks printed. */
export async function runFrontendGuide({ dataDir, ports, env }: Place): Promise<Told[]> {
  const blocks = blocksOf("frontend.md");
  const programs = blocks.filter(({ kind }) => kind === "js").map(({ text }) => text);
  const expected = blocks.filter(({ kind }) => kind === "text").map(({ text }) => text);
  if (expected.length !== programs.length)
    throw new Error("A block of the guide does not say what it prints.");
  const program = programs
    .map((text) => `${text}\nconsole.log("${marker}");\n`)
    .join("")
    .replaceAll("http://localhost:4000", `http://localhost:${ports.api}`)
    .replaceAll(".data/tokens", `${dataDir}/tokens`);

  const child = spawn(process.execPath, ["--input-type=module"], { cwd: project, env });
  let output = "";
  let problem = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    problem += text;
  });
  child.stdin.end(program);
  const slow = setTimeout(() => child.kill(), ifBusy(30_000)); // a block that waits for what never comes
  await new Promise((resolve) => child.once("close", resolve));
  clearTimeout(slow);
  const printed = output.split(`${marker}\n`);
  if (problem) printed.push(`${printed.pop()}${problem}`);
  return programs.map((code, i) => ({ code, expected: expected[i] ?? "", printed: printed[i] ?? "" }));
}
