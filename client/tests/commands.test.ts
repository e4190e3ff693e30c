// Starts processes: npm run client and npm run contract are run as a frontend's developers run them.
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { changesBetween } from "../contract/changes.ts";
import {
  type Contract,
  clientFolder,
  presentContract,
  release,
  releasedContract,
} from "../contract/contract.ts";
import { renderFrontend } from "../contract/written.ts";

const folder = mkdtempSync(path.join(tmpdir(), "restartix-client-commands-"));
afterAll(() => rmSync(folder, { recursive: true }));

function run(program: string, ...args: string[]): Promise<{ code: number; output: string }> {
  const script = path.join(clientFolder, "contract", program);
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}

describe("FND-29: npm run client", () => {
  it("writes the operations of a frontend where it says, and names what is wrong by file and line", async () => {
    mkdirSync(path.join(folder, "src"));
    const write = (text: string) => writeFileSync(path.join(folder, "src", "clinic.graphql"), text);
    write("query Clinic($slug: String!) { clinicBySlug(slug: $slug) { id name } }");
    expect(await run("generate.ts", "src/*.graphql", "--out", "src/api.ts")).toEqual({
      code: 0,
      output: `src${path.sep}api.ts\n`,
    });
    const written = readFileSync(path.join(folder, "src", "api.ts"), "utf8");
    expect(written).toContain('import type * as scalar from "@restartix/client";');
    expect(written).toMatch(/ClinicQuery = \{[^}]*readonly id: scalar.UUID/);
    expect(written).not.toMatch(/\bany\b/);

    write("query Clinic {\n  clinicBySlug(slug: 1) { id }\n}\nquery Other { weather }");
    const { code, output } = await run("generate.ts", "src/*.graphql", "--out", "src/api.ts");
    expect(code).toBe(1);
    expect(output).toMatch(/clinic\.graphql:4 Other: Cannot query field "weather"/);
    expect(readFileSync(path.join(folder, "src", "api.ts"), "utf8")).toBe(written);
  });
});

describe("FND-29: a frontend's operation", () => {
  it("is refused with a second mutation, for one Idempotency-Key names one", async () => {
    const remove = "deleteFile(input: { fileId: $file }) { file { id } }";
    const text = `mutation Two($file: UUID!) { one: ${remove} two: ${remove} }`;
    await expect(renderFrontend([{ path: "two.graphql", text }], "@restartix/client")).rejects.toThrow(
      "Two: one mutation a document",
    );
  });
});

describe("FND-29: npm run contract", () => {
  it("lists what changed since the release, and what the next one is", async () => {
    const { code, output } = await run("main.ts");
    expect(code).toBe(0);
    expect(output).toMatch(/^(Nothing changed since version|Since version) \d+\.\d+\.\d+/);
  });

  it("releases what stands, with a version and a line for what is new; nothing that breaks and is not marked", async () => {
    const copy = path.join(folder, "copy");
    mkdirSync(copy);
    for (const name of ["released", "package.json", "CHANGELOG.md"])
      cpSync(path.join(clientFolder, name), path.join(copy, name), { recursive: true });
    const text = (name: string) => readFileSync(path.join(copy, name), "utf8");
    const versions = () => text("CHANGELOG.md").match(/^## /gm)?.length ?? 0;
    const before = versions();
    const { version } = releasedContract(copy);
    const [major = 0, minor = 0] = version.split(".").map(Number);

    const more = { ...presentContract(), version };
    more.schema = more.schema.replace("\ntype Query {", "\ntype Query {\n  weather: String");
    const releaseOf = async (contract: Contract) =>
      release(contract, await changesBetween(releasedContract(copy), contract), copy);
    const next = `${major}.${minor + 1}.0`;
    expect(await releaseOf(more)).toBe(next);
    expect(releasedContract(copy)).toEqual({ ...more, version: next });
    expect(JSON.parse(text("package.json")).version).toBe(next);
    expect(text("CHANGELOG.md")).toMatch(
      /^## [\d.]+\n\n(- .*\n)*- Field 'weather' was added to object type 'Query'\n/m,
    );

    const less = { ...presentContract(), version: next };
    expect(await releaseOf(less)).toBeNull();
    expect(releasedContract(copy).version).toBe(next);
    const moving = `## ${major + 1}.0.0\n\n### How to move\n\n- \`Query.weather\`: look out of the window.\n\n## `;
    writeFileSync(path.join(copy, "CHANGELOG.md"), text("CHANGELOG.md").replace(/^## /m, moving));
    expect(await releaseOf({ ...less, version: `${major + 1}.0.0` })).toBe(`${major + 1}.0.0`);
    expect(versions()).toBe(before + 2);
  });
});
