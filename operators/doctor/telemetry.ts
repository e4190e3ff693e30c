import { globSync, statSync } from "node:fs";
import path from "node:path";
import { dataDir } from "../../runtime/environment/data_dir.ts";
import { readVariable } from "../../runtime/environment/variable.ts";
import { variables } from "../../runtime/environment/variables.ts";
import { broken, type Examination, type Finding, ok, warning } from "./finding.ts";

/** Longer than a session lasts and is waited for: what lies longer is not finalized. */
const LONGEST_HOURS = 3;

/** Whether sessions are taken and finalized, where telemetry keeps them on this machine (FND-28, TEL-02). */
export const telemetry: Examination = {
  name: "telemetry",
  async examine({ env }) {
    const folder = path.join(dataDir(env), "telemetry");
    if (globSync("*/", { cwd: folder }).length === 0) return [ok("none has run with this data folder")];
    return [await examineProcess(env), examineSegments(folder)];
  },
};

async function examineProcess(env: NodeJS.ProcessEnv): Promise<Finding> {
  const port = readVariable(env, "TELEMETRY_PORT", variables.TELEMETRY_PORT);
  const answer = await fetch(`http://localhost:${port}/readyz`, { signal: AbortSignal.timeout(5_000) })
    .then((response) => response.json() as Promise<{ status: string; checks: Record<string, string> }>)
    .catch(() => null);
  if (answer === null) {
    return broken(
      "no telemetry answers on TELEMETRY_PORT, and one has run here",
      "Start it (npm run telemetry, or its unit), or look into its log: it finalizes what was kept.",
    );
  }
  if (answer.status === "ready") return ok("telemetry is ready");
  const { database, functions } = answer.checks;
  return warning(
    `telemetry is not ready (database ${database}, its functions ${functions})`,
    "Mend what stands above first; functions that are missing come with npm run migrate.",
  );
}

function examineSegments(folder: string): Finding {
  const ages = globSync("*/*.segment", { cwd: folder }).map(
    (file) => (Date.now() - statSync(path.join(folder, file)).mtimeMs) / 3_600_000,
  );
  const old = ages.filter((hours) => hours > LONGEST_HOURS);
  if (old.length === 0) return ok("no session waits to be finalized for hours");
  return warning(
    `sessions of ${Math.floor(Math.max(...old))} hours ago are not finalized (${old.length} segments)`,
    "Look into the log of telemetry for 'a session is not finalized yet': it says what the database or the store refuses.",
  );
}
