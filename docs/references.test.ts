import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const project = fileURLToPath(new URL("..", import.meta.url));

/** Files and folders of the project, as paths from its root. */
function places(): Set<string> {
  const exclude = (name: string) => ["node_modules", ".data", ".git"].includes(path.basename(name));
  return new Set(globSync("**/*", { cwd: project, exclude }).map((name) => name.split(path.sep).join("/")));
}

test("what documents name in the tree is there", () => {
  const known = places();
  const roots = new Set([...known].filter((place) => !place.includes("/")));
  const missing = globSync("{README.md,docs/**/*.md,db/**/*.md}", {
    cwd: project,
    exclude: ["**/node_modules/**"],
  })
    .flatMap((document) => {
      const text = readFileSync(path.join(project, document), "utf8");
      return [...text.matchAll(/`([\w.-]+(?:\/[\w.-]+)+)\/?`/g)].map(([, name = ""]) => ({ document, name }));
    })
    .filter(({ name }) => roots.has(name.split("/")[0] ?? ""))
    .filter(
      ({ name }) =>
        ![name, `${name}.sql`, `${name}.ts`, `${name}.test.sql`].some((place) => known.has(place)),
    );
  expect(missing).toEqual([]);
});
