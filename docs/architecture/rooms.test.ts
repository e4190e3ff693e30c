import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { startsProcesses, vitestFiles } from "../../db/testing/vitest_files.ts";
import { circles, isTest, roomOf, strayImports, wayTo } from "./directions.ts";
import { type Imports, importsOf, readImports } from "./imports.ts";
import { processes, rooms, toolsOfPrograms, unreached } from "./rooms.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const imports = readImports(root);
const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};
const programs = Object.entries(scripts)
  .filter(([name]) => !processes.includes(name))
  .flatMap(([, command]) => /\bnode (\S+\.ts)/.exec(command)?.[1] ?? []);

/** What uses the rooms without being one: measuring, documents, checks, and files of a tool's own. */
const outside = /^(bench|docs|\.ci)\/|^vitest\.config\.ts$/;

describe("the rooms of the project (docs/architecture/rooms.ts)", () => {
  test("have a row each, and what a row names stands above it", () => {
    const homeless = [...imports.keys()].filter(
      (file) => !outside.test(file) && !isTest(file) && !roomOf(file, rooms),
    );
    expect(homeless).toEqual([]);
    for (const [index, { room, imports: named }] of rooms.entries()) {
      expect(existsSync(path.join(root, room)), room).toBe(true);
      const above = rooms.slice(0, index).map((row) => row.room);
      expect(above, room).toEqual(expect.arrayContaining(named));
    }
  });

  test("import what their row names and nothing else", () => {
    expect(strayImports(imports, rooms, { programs, tools: toolsOfPrograms })).toEqual([]);
  });

  test("name no room that they do not use", () => {
    const used = new Set(
      [...imports].flatMap(([file, { files }]) =>
        isTest(file) ? [] : files.map((imported) => `${roomOf(file, rooms)} ${roomOf(imported, rooms)}`),
      ),
    );
    const unused = rooms.flatMap(({ room, imports: named }) =>
      named.filter((other) => !used.has(`${room} ${other}`)).map((other) => `${room} ${other}`),
    );
    expect(unused).toEqual([]);
  });

  test("import nothing in a circle, types neither", () => {
    expect(circles(imports)).toEqual([]);
  });

  test.each(unreached)("$from never reaches $never", ({ from, never }) => {
    expect(wayTo(imports, from, never, rooms)).toBeUndefined();
  });
});

describe("TEL-10: what request handlers of telemetry reach", () => {
  const handlers = unreached.find(({ from }) => from === "telemetry/ingest");
  const handler = "telemetry/ingest/pose_frames.ts";

  /** The project as it is, with one import more. */
  const planted = (
    file: string,
    { files = [], packages = [] }: { files?: string[]; packages?: string[] },
  ) => {
    const before = imports.get(file) ?? { files: [], packages: [] };
    return new Map(imports).set(file, {
      files: [...before.files, ...files],
      packages: [...before.packages, ...packages],
    });
  };
  const way = (some: Imports) => wayTo(some, "telemetry/ingest", handlers?.never ?? [], rooms);

  test("is the buffer and the publisher's port", () => {
    expect(imports.get("telemetry/ingest/handler.ts")?.files).toContain("telemetry/buffer/port.ts");
    expect(imports.get("telemetry/ingest/session_states.ts")?.files).toContain("telemetry/publisher.ts");
    expect(way(imports)).toBeUndefined();
  });

  test.each([
    ["a database client", handler, { packages: ["pg"] }, "pg"],
    ["a client of a store", handler, { packages: ["@aws-sdk/client-s3"] }, "@aws-sdk/client-s3"],
    ["the store's adapter", handler, { files: ["providers/storage/s3.ts"] }, "providers/storage/s3.ts"],
    ["PostgreSQL's publisher", handler, { files: ["telemetry/postgres_publisher.ts"] }, "pg"],
    ["the finalizer", handler, { files: ["telemetry/finalizer/finalize.ts"] }, "providers/storage/port.ts"],
    ["a client behind the buffer", "telemetry/buffer/port.ts", { packages: ["pg"] }, "pg"],
    ["a client behind the port", "telemetry/publisher.ts", { packages: ["pg/lib/client"] }, "pg/lib/client"],
  ])("is found out: %s", (_, file, more, found) => {
    expect(way(planted(file, more))?.at(-1)).toBe(found);
  });
});

test("a test that starts processes, itself or by its helpers, says at its top why, and no other does", () => {
  const read = (file: string) => readFileSync(path.join(root, file), "utf8");
  const starts = (file: string) =>
    imports.get(file)?.files.includes("db/embedded/server.ts") ||
    /^import .* from "(?:node:child_process|playwright-core)";$/m.test(read(file));
  const withHelpers = (file: string) => {
    const reached = new Set([file]);
    for (const one of reached) {
      for (const next of imports.get(one)?.files ?? []) if (isTest(next)) reached.add(next);
    }
    return [...reached];
  };
  const says = (file: string) => {
    const top = /^(?:\/\/.*\n)*/.exec(read(file))?.[0] ?? "";
    const reason = top.split("\n").find((line) => line.startsWith(startsProcesses));
    return /^(?:\S+ ){2,}\S+\.$/.test(reason?.slice(startsProcesses.length) ?? "");
  };
  const starting = vitestFiles().filter((file) => withHelpers(file).some(starts));
  expect(starting.length).toBeGreaterThan(20);
  expect(vitestFiles().filter(says)).toEqual(starting);
});

describe("what the rules find", () => {
  test("an import of a value, of a type, of a type in place, at the top or later, and a file for a thread", () => {
    const text = `
      import { a } from "./a.ts";
      import type { B } from "../b.ts";
      export * from "./c.ts";
      export type { D } from "./d.ts";
      import "./e.ts";
      const f = await import("./f.ts");
      type G = import("./g.ts").G;
      new Worker(new URL("h.ts", import.meta.url));
      import pg, { type Pool } from "pg";
      import type { S3Client } from "@aws-sdk/client-s3";
      import { join } from "node:path";
      import data from "./data.json" with { type: "json" };
      new URL("../schema.sql", import.meta.url);
    `;
    const found = importsOf("room/file.ts", text);
    expect(found.files.sort()).toEqual(
      ["b.ts", ..."acdefgh"].map((name) => (name.length > 1 ? name : `room/${name}.ts`)),
    );
    expect(found.packages).toEqual(["pg", "@aws-sdk/client-s3"]);
  });

  const table = [
    { room: "low", holds: "", imports: [] },
    { room: "low/inner", holds: "", imports: ["low"] },
    { room: "high", holds: "", imports: ["low"] },
  ];
  const project = (files: Record<string, [files: string[], packages?: string[]]>): Imports =>
    new Map(Object.entries(files).map(([file, [files, packages = []]]) => [file, { files, packages }]));

  test("an arrow that points up, one into a test, and one out of the rooms; not one of a program or a test", () => {
    const some = project({
      "low/a.ts": [["high/a.ts", "low/b.ts"]],
      "low/b.ts": [["low/inner/a.ts"]],
      "low/inner/a.ts": [["low/b.ts"]],
      "low/program.ts": [["high/a.ts"]],
      "low/tests/a.test.ts": [["high/a.ts"]],
      "high/a.ts": [["low/a.ts", "low/tests/support.ts", "nowhere/a.ts"]],
    });
    expect(strayImports(some, table, { programs: ["low/program.ts"], tools: ["high"] })).toEqual([
      "low/a.ts imports high/a.ts",
      "low/b.ts imports low/inner/a.ts",
      "high/a.ts imports the test low/tests/support.ts",
      "high/a.ts imports nowhere/a.ts",
    ]);
  });

  test("a circle of three, and a file that imports itself", () => {
    const some = project({
      "a.ts": [["b.ts", "d.ts"]],
      "b.ts": [["c.ts"]],
      "c.ts": [["a.ts"]],
      "d.ts": [["d.ts"]],
      "e.ts": [["a.ts"]],
    });
    expect(circles(some)).toEqual([["a.ts", "b.ts", "c.ts"], ["d.ts"]]);
  });

  test("the way to a package, by name or beginning, and to a room", () => {
    const some = project({
      "low/a.ts": [["low/b.ts"], ["pgx"]],
      "low/b.ts": [["low/c.ts"]],
      "low/c.ts": [["high/a.ts"], ["pg/lib/type"]],
      "high/a.ts": [[], ["@aws-sdk/client-s3"]],
    });
    expect(wayTo(some, "low/a.ts", ["pg"], table)).toEqual([
      "low/a.ts",
      "low/b.ts",
      "low/c.ts",
      "pg/lib/type",
    ]);
    expect(wayTo(some, "low", ["@aws-sdk/"], table)).toEqual(["low/c.ts", "high/a.ts", "@aws-sdk/client-s3"]);
    expect(wayTo(some, "low/b.ts", ["high"], table)).toEqual(["low/b.ts", "low/c.ts", "high/a.ts"]);
    expect(wayTo(some, "high", ["pg", "low"], table)).toBeUndefined();
  });
});
