import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { expect, test } from "vitest";
import { wayTo } from "../../docs/architecture/directions.ts";
import { readImports } from "../../docs/architecture/imports.ts";
import { rooms } from "../../docs/architecture/rooms.ts";

const project = path.join(import.meta.dirname, "..", "..");

// FND-36: `npm ci` is quiet because there is nothing to say, not because nobody listens.

type Locked = { engines?: { node?: string }; version: string };
const lock: { packages: Record<string, Locked> } = JSON.parse(
  readFileSync(path.join(project, "package-lock.json"), "utf8"),
);
const { satisfies }: { satisfies(version: string, range: string): boolean } = createRequire(import.meta.url)(
  "semver",
);

test("FND-36: no package asks for another Node than the one that the install brings", () => {
  const brought = lock.packages["node_modules/node"]?.version ?? "";
  expect(process.version).toBe(`v${brought}`);
  const others = Object.entries(lock.packages)
    .filter(([name]) => name !== "")
    .filter(([, { engines }]) => engines?.node && !satisfies(brought, engines.node))
    .map(([name, { engines }]) => `${name} asks for ${engines?.node}`);
  expect(others).toEqual([]);
});

test("FND-36: the IDE comes as it is built; the packages that only its types name stay away", () => {
  const names = new Set(
    Object.keys(lock.packages).map((place) => place.slice(place.lastIndexOf("node_modules/") + 13)),
  );
  expect(names).toContain("ruru");
  for (const name of ["react-dom", "monaco-editor", "@headlessui/react", "codemirror"])
    expect(names).not.toContain(name);
});

/** What operators run of a deployment, where `npm ci --omit=dev` brought the packages (docs/guides/operators.md). */
const inProduction = [
  ...["api", "worker", "migrate", "production:settings", "first-clinic", "doctor"],
  ...["backup:role", "backup:sums", "audit:verify", "keys:rotate"],
];

test("FND-36: what a deployment runs needs no package of development", () => {
  const { scripts, devDependencies } = JSON.parse(readFileSync(path.join(project, "package.json"), "utf8"));
  const imports = readImports(project);
  for (const name of inProduction) {
    const file = scripts[name].replace(/^(exec )?node /, "");
    expect(imports.has(file), name).toBe(true);
    expect(wayTo(imports, file, Object.keys(devDependencies), rooms), name).toBeUndefined();
  }
});
