import "../../server/graphile_env.ts";
import { parseArgs } from "node:util";
import { changesBetween } from "./changes.ts";
import { presentContract, readChangelog, release, releasedContract } from "./contract.ts";
import { nextVersion, unmarked } from "./version.ts";

/**
 * `npm run contract` lists what changed of the API's contract since it was released, and says what is missing;
 * `npm run contract -- --release` makes what stands now the released one (FND-29).
 */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { release: { type: "boolean", default: false } } });
  const [released, present] = [releasedContract(), presentContract()];
  const changes = await changesBetween(released, present);
  const versions = { released: released.version, present: present.version };

  if (changes.length === 0) {
    process.stdout.write(`Nothing changed since version ${released.version}.\n`);
    return 0;
  }
  process.stdout.write(`Since version ${released.version}:\n`);
  for (const { level, what } of changes) process.stdout.write(`  ${level.padEnd(9)} ${what}\n`);
  const missing = unmarked(changes, { ...versions, changelog: readChangelog() });
  if (missing.length > 0) {
    process.stderr.write(`${missing.join("\n")}\n`);
    return 1;
  }
  process.stdout.write(
    values.release
      ? `Version ${release(present, changes)} is released: commit client/released, package.json and CHANGELOG.md.\n`
      : `The next release is ${nextVersion(versions, changes)}.\n`,
  );
  return 0;
}

process.exitCode = await main();
