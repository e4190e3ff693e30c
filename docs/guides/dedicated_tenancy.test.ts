import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readText } from "../../runtime/line_ends.ts";

const project = fileURLToPath(new URL("../..", import.meta.url));
const guide = readText(join(project, "docs/guides/dedicated_tenancy.md"));

/** All SQL that makes the database. */
const sql = ["functions", "policies", "reference", "migrations"]
  .flatMap((folder) =>
    readdirSync(join(project, "db", folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".sql"))
      .map((file) => readText(join(project, "db", folder, file))),
  )
  .join("\n");

const [, standing = "", planned = ""] =
  /^## What is refused today$(.*)^## What would be built, in this order$(.*)/ms.exec(guide) ?? [];
const code = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, inside = ""]) => inside);

describe("TEN-01: the path to dedicated tenancy", () => {
  const paths = code(standing).filter((word) =>
    /^(db|docs|providers|secrets|operators)\/[\w./]+$/.test(word),
  );
  test.each(paths)("%s stands where the guide says", (path) => {
    expect(existsSync(join(project, path))).toBe(true);
  });

  const names = code(standing)
    .map((word) => word.replace(/ .*$/, ""))
    .filter((word) => /^(app_private\.)?[a-z]+(_[a-z0-9]+)+(\.[a-z_]+)?$/.test(word));
  test.each([...new Set(names)])("%s is in the database", (name) => {
    for (const part of name.replace(/^app_private\./, "").split("."))
      expect(sql).toMatch(new RegExp(`\\b${part}\\b`));
  });

  test("is long enough to have been looked at", () => {
    expect(paths.length).toBeGreaterThanOrEqual(4);
    expect(names.length).toBeGreaterThan(20);
  });

  test.each([
    "app_private.cells",
    "organization_branding",
    "organization_agreements",
    "finalize_organization",
    "provision_identity",
  ])("%s is told as what would be built, and is not there", (name) => {
    expect(planned).toContain(name);
    expect(sql).not.toMatch(new RegExp(`\\b${name.replace(".", "\\.")}\\b`));
  });

  test.each([
    "Identity provisioner",
    "Finalize endpoint",
    "Portability tool",
    "Crypto-shred runbook",
    "Per-tenant infrastructure",
    "Branding and senders",
    "DPA",
    "Pricing",
  ])("has a step: %s", (step) => {
    expect(planned).toMatch(new RegExp(`^### \\d\\. ${step}$`, "m"));
  });
});
