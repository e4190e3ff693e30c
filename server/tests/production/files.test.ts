// Starts processes: systemd itself reads the units.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseEnv } from "node:util";
import { expect, test } from "vitest";
import { settingsFiles } from "../../../operators/production/template.ts";
import { project } from "../start/support.ts";

// FND-36: what the guide hands to systemd, containers and nginx names programs, files and settings that exist.

const folder = path.join(project, "docs", "guides", "production");
const read = (name: string) => readFileSync(path.join(folder, name), "utf8");
const units = ["api", "worker", "telemetry", "composer"].map((name) => `systemd/restartix-${name}.service`);

/** `node_modules/.bin/node <file>`, as the units and the image start it. */
const started = /node_modules\/\.bin\/node(?:", "| )([\w/]+\.ts)/g;

test.for([...units, "Dockerfile", "compose.yaml"])(
  "FND-36: %s starts programs that exist, by the project's Node",
  (name) => {
    const files = [...read(name).matchAll(started)].map(([, file]) => file as string);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(existsSync(path.join(project, file)), file).toBe(true);
    expect(read(name)).not.toMatch(/(?<!\/)\bnode (server|tasks|telemetry)\//);
  },
);

test.runIf(spawnSync("systemd-analyze", ["--version"]).status === 0)(
  "FND-36: systemd finds nothing wrong with the units",
  () => {
    const copies = mkdtempSync(path.join(os.tmpdir(), "restartix-units-"));
    for (const name of units) {
      writeFileSync(path.join(copies, path.basename(name)), read(name).replaceAll("/opt/restartix", project));
    }
    const { stderr } = spawnSync(
      "systemd-analyze",
      ["verify", ...units.map((name) => path.join(copies, path.basename(name)))],
      {
        encoding: "utf8",
        env: { ...process.env, SYSTEMD_LOG_LEVEL: "warning" },
      },
    );
    rmSync(copies, { recursive: true });
    expect(stderr.split("\n").filter((line) => line.includes("restartix-"))).toEqual([]);
  },
);

test("FND-36: the image is made by instructions that exist, from files that exist, and runs as nobody's root", () => {
  const lines = read("Dockerfile")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const instructions = lines.map((line) => line.split(" ")[0]);
  expect(
    instructions.filter((word) => !/^(FROM|ENV|WORKDIR|COPY|RUN|USER|EXPOSE|CMD)$/.test(word ?? "")),
  ).toEqual([]);
  expect(instructions[0]).toBe("FROM");
  expect(lines.indexOf("USER node")).toBeGreaterThan(lines.findLastIndex((line) => line.startsWith("COPY")));
  const [packages = ""] = lines.filter((line) => line.startsWith("COPY package"));
  for (const file of packages.split(" ").slice(1, -1))
    expect(existsSync(path.join(project, file)), file).toBe(true);
  // The processes need nothing of what only development installs.
  expect(lines).toContain("RUN npm ci --omit=dev --no-audit --no-fund");
  // Keys and settings of whoever builds it are no part of it.
  expect(read("Dockerfile.dockerignore").split("\n")).toEqual(
    expect.arrayContaining(["**/*.env", "**/*.keys", ".data"]),
  );
});

test("FND-36: the files of settings read the same as systemd, containers and SETTINGS_FILE read them", () => {
  for (const text of Object.values(settingsFiles({ folder: "/etc/restartix", database: "db.example.com" }))) {
    // Containers take a line as it is: no quotes, no blanks, nothing after the value.
    const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    expect(lines.filter((line) => !/^[A-Z][A-Z0-9_]*=[^\s"'\\$#]*$/.test(line))).toEqual([]);
    const asContainersDo = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
    expect(parseEnv(text)).toEqual(asContainersDo);
  }
});

test("FND-36: no two deployments share a password, and the network is verified where there is one", () => {
  const one = settingsFiles({ folder: "/a", database: "db.example.com:5433/clinics" });
  const other = settingsFiles({ folder: "/a", database: "127.0.0.1" });
  const secret = /(?::([^:@]+)@|(?:PRIVATE_KEY|TELEMETRY_SECRET)=(.+))/g;
  const secretsOf = ({ restartix, administrator }: typeof one) =>
    [...`${restartix}${administrator}`.matchAll(secret)].map(([, password, key]) => password ?? key);
  expect(new Set([...secretsOf(one), ...secretsOf(other)]).size).toBe(14);
  expect(one.restartix).toMatch(/@db\.example\.com:5433\/clinics\?sslmode=verify-full$/m);
  expect(other.restartix).toMatch(/@127\.0\.0\.1\/restartix$/m);
});
