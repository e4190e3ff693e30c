import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { StartupError } from "../../runtime/startup_error.ts";

const project = path.join(import.meta.dirname, "..", "..");
const dist = path.join(project, "web", "dist");

/** What the pages are made of: their own sources, those of the client and of the telemetry that browsers run, and the packages as they are locked. */
const sources = [
  "web/**/*.{ts,tsx,css,json,html,svg,task}",
  "telemetry/{codec,aggregate}/*.ts",
  "client/*.ts",
  "client/generated/*.ts",
  "package-lock.json",
];

/**
 * Makes the pages that the API serves out of their sources, in a process of its own, and says whether it did: where they
 * were made of these very sources before, there is nothing to do.
 */
export async function buildPages(): Promise<boolean> {
  const wanted = sumOfSources();
  if (readSum() === wanted) return false;
  const vite = path.join(project, "node_modules", "vite", "bin", "vite.js");
  // Made beside what is served, and put in its place at once: whoever asks meanwhile gets the old pages. They are the same wherever
  // they are made, also by tests.
  const [made, old] = [`${dist}-${process.pid}`, `${dist}-old-${process.pid}`];
  const child = spawn(
    process.execPath,
    [vite, "build", "--config", "web/building/vite.config.ts", "--logLevel", "error", "--outDir", made],
    {
      cwd: project,
      env: { ...process.env, NODE_ENV: "production", NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new StartupError(`The pages could not be made:\n${output.trim()}`);
  writeFileSync(path.join(made, "sources.txt"), `${wanted}\n`);
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(made, dist);
  rmSync(old, { recursive: true, force: true });
  return true;
}

/** Of names and contents: what a checkout does to times does not matter. */
function sumOfSources(): string {
  const hash = createHash("sha256");
  const exclude = (name: string) => /^(tests|dist.*)$/.test(path.basename(name));
  for (const name of globSync(sources, { cwd: project, exclude }).sort())
    hash
      .update(`${name}\0`)
      .update(readFileSync(path.join(project, name)))
      .update("\0");
  return hash.digest("hex");
}

function readSum(): string | undefined {
  try {
    return readFileSync(path.join(dist, "sources.txt"), "utf8").trim();
  } catch {
    return undefined;
  }
}
