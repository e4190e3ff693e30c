import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { makeFolder } from "../../runtime/folders.ts";

/** The engine of cal.com as it is published, and what that needs of other packages, in the versions that it was built with. */
const packages = {
  "@calcom/platform-libraries": "0.0.360",
  "@trpc/server": "10.45.2",
  dayjs: "1.11.4",
  uuid: "9.0.1",
  zod: "3.23.8",
};
/** It depends on two packages that were never published, though all of them that it uses is in it. */
const unpublished = ["@calcom/features", "@calcom/lib"];

const folder = path.join(import.meta.dirname, "..", "..", "node_modules", ".cache", "calcom-0.0.360");
const ready = path.join(folder, "installed");

/** The folder that holds the engine; installed the first time, from the registry that npm is set to. */
export function calcomFolder({ install }: { install: boolean }): string | undefined {
  if (existsSync(ready)) return folder;
  if (!install) return undefined;
  makeFolder(path.join(folder, "nothing"));
  writeFileSync(path.join(folder, "nothing", "package.json"), '{"name": "nothing", "version": "1.0.0"}');
  const overrides = Object.fromEntries(unpublished.map((name) => [name, "file:./nothing"]));
  writeFileSync(
    path.join(folder, "package.json"),
    JSON.stringify({ private: true, dependencies: packages, overrides }),
  );
  const { status, stderr } = spawnSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: folder,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`cal.com's engine cannot be installed: ${stderr}`);
  writeFileSync(ready, "");
  return folder;
}
