import "../../server/graphile_env.ts";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Change } from "./change.ts";
import { changesBetween } from "./changes.ts";
import { changelogPath, presentContract, readChangelog, releasedContract, writeRelease } from "./contract.ts";
import { leastVersion, sectionOf, unmarked } from "./version.ts";

/**
 * `npm run contract` lists what changed of the API's contract since it was released, and says what is missing;
 * `npm run contract -- --release` makes what stands now the released one (FND-29).
 */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { release: { type: "boolean", default: false } } });
  const [released, present] = [releasedContract(), presentContract()];
  const changes = await changesBetween(released, present);
  const changelog = readChangelog();
  const missing = unmarked(changes, {
    released: released.version,
    present: present.version,
    changelog,
  });
  const least = leastVersion(released.version, changes);

  process.stdout.write(listed(changes, `Since version ${released.version}`));
  if (missing.length > 0) {
    process.stderr.write(`${missing.join("\n")}\n`);
    return 1;
  }
  if (!values.release) {
    process.stdout.write(`The next release is ${higher(least, present.version)}.\n`);
    return 0;
  }
  if (changes.length === 0) {
    process.stdout.write("Nothing changed: there is nothing to release.\n");
    return 0;
  }
  const version = higher(least, present.version);
  writeRelease({ ...present, version });
  if (sectionOf(changelog, version) === null)
    writeFileSync(changelogPath, changelog.replace(/^## /m, `## ${version}\n\n${summary(changes)}\n\n## `));
  process.stdout.write(
    `Version ${version} is released: commit client/released, package.json and CHANGELOG.md.\n`,
  );
  return 0;
}

function higher(one: string, other: string): string {
  return one.localeCompare(other, "en", { numeric: true }) < 0 ? other : one;
}

function listed(changes: readonly Change[], title: string): string {
  const lines = changes.map(({ level, what }) => `  ${level.padEnd(9)} ${what}\n`);
  return lines.length > 0 ? `${title}:\n${lines.join("")}` : `${title} nothing changed.\n`;
}

/** What a frontend can ask that it could not before, and what it may have to look at. */
function summary(changes: readonly Change[]): string {
  const isAsked = ({ where }: Change): boolean => /^((Query|Mutation|Subscription)\.)?[a-z]\w*$/.test(where);
  const lines = changes.filter((change) => change.level === "risky" || isAsked(change));
  const rest = changes.length - lines.length;
  return [
    ...lines.map(({ what }) => `- ${what}`),
    ...(rest > 0 ? [`- ${rest} further additions, which \`git diff client/released\` shows`] : []),
  ].join("\n");
}

process.exitCode = await main();
