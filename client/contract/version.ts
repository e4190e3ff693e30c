import type { Change } from "./change.ts";

const parts = (version: string): [major: number, minor: number] => {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return [major, minor];
};

/** The least version that these changes ask for. */
export function leastVersion(released: string, changes: readonly Change[]): string {
  const [major, minor] = parts(released);
  if (changes.some(({ level }) => level === "breaking")) return `${major + 1}.0.0`;
  return changes.length > 0 ? `${major}.${minor + 1}.0` : released;
}

/** The version of the next release: the least that the changes ask for, or a higher one that the client says already. */
export function nextVersion(
  { released, present }: { released: string; present: string },
  changes: readonly Change[],
): string {
  const least = leastVersion(released, changes);
  return least.localeCompare(present, "en", { numeric: true }) < 0 ? present : least;
}

/** The section of a changelog for one version, without its heading; null where there is none. */
export function sectionOf(changelog: string, version: string): string | null {
  const sections = changelog.split(/^## /m).slice(1);
  const found = sections.find((section) => section.split(/\s/, 1)[0] === version);
  return found === undefined ? null : found.slice(found.indexOf("\n") + 1).trim();
}

/**
 * What is missing for a breaking change to be released: a major version of its own, and a line of the changelog for
 * each that says how to move, a line each (docs/decisions/0081). A line names what it is about in backticks: the very
 * thing (`Appointment.status`), or what it is a part of (`Appointment`).
 */
export function unmarked(
  changes: readonly Change[],
  { released, present, changelog }: { released: string; present: string; changelog: string },
): string[] {
  const breaking = changes.filter(({ level }) => level === "breaking");
  if (breaking.length === 0) return [];
  const least = leastVersion(released, changes);
  if (parts(present)[0] < parts(least)[0]) {
    return breaking.map(
      ({ what }) =>
        `${what}: that breaks frontends of version ${released}, so client/package.json must say ${least}`,
    );
  }
  const moving = /^### How to move$([\s\S]*?)(?=^### |(?![\s\S]))/m.exec(
    sectionOf(changelog, present) ?? "",
  )?.[1];
  const named = new Set(
    [...(moving ?? "").matchAll(/^- .*/gm)].flatMap(([line]) => line.match(/(?<=`)[^`]+(?=`)/g) ?? []),
  );
  return breaking
    .filter(({ where }) => !wholesOf(where).some((whole) => named.has(whole)))
    .map(
      ({ where, what }) =>
        `${what}: client/CHANGELOG.md, version ${present}, "How to move", has no line about \`${where}\``,
    );
}

/** `A.b.c` is a part of `A.b` and of `A`. */
function wholesOf(where: string): string[] {
  const names = where.split(".");
  return names.map((_, index) => names.slice(0, index + 1).join("."));
}
