import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { asciiLower } from "../ascii_lower.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What folds by Unicode: the methods, the compatibility forms, and expressions with `i` beside `u` or `v`. */
const foldsByUnicode =
  /\.to(?:Locale)?(?:Lower|Upper)Case\(|\.localeCompare\(|normalize\(["']NFK|\/[dgmsy]*(?:i[dgmsy]*[uv]|[uv][dgmsy]*i)[dgmsy]*(?=[.,;)\s])/g;

/** Where it is meant: never for what names a person, a clinic, a machine or a right. */
const meant: Record<string, string> = {
  "server/errors/constraint_refusal.ts": "the name of a constraint becomes the name of a field",
  "server/http/camel_keys.ts": "the name of a column becomes the name of a field",
  "providers/tax_office/anaf.ts": "words of the tax office, which answers in either",
  "providers/payment/stripe.ts": "codes of currencies",
  "providers/invoicing/fgo_client.ts": "hexadecimal digits of a hash",
  "providers/invoicing/stripe.ts": "codes of currencies",
  "server/billing_details/tax_id.ts":
    "the letters of a country before a tax id, which are ASCII by the pattern",
  "server/start.ts": "the name of a process becomes the name of its log",
  "webhooks/twilio.ts": "STOP and START as people write them; the number they come from is the vendor's",
  "providers/storage/embedded/signature.ts": "hexadecimal digits of percent-encoding",
  "providers/storage/attachment.ts": "hexadecimal digits of percent-encoding",
  "providers/mailbox/search.ts": "what somebody looks for in the mailbox of development",
  "db/seed/data.ts": "made-up addresses from made-up names",
  "server/plugins/descriptions.ts": "the name of a type in a sentence about it",
  "server/plugins/enums.ts": "words of the product's own lists become names of values",
  "server/plugins/beyond_sql.ts": "the name of a field becomes the name of a column",
  "db/migrating/current.ts": "words of SQL in our own files",
  "db/migrating/stage.ts": "words of SQL in our own files",
  "db/migrating/open_database.ts": "the name of a role becomes the name of a variable",
  "db/migrating/prepare_production.ts": "the name of a role becomes the name of a variable",
  "server/files/examine/pdf_active.ts": "hexadecimal digits of the names in a PDF",
  "db/testing/transaction_pooler.ts": "names of startup parameters, for tests",
  "db/migrating/prepare.ts": "the name of a role becomes the name of a variable",
};

describe("what is an identity is folded by ASCII rules alone (FND-03)", () => {
  it("folds every capital of ASCII, and nothing else", () => {
    expect(asciiLower("ABCDEFGHIJKLMNOPQRSTUVWXYZ@[`{")).toBe("abcdefghijklmnopqrstuvwxyz@[`{");
    expect(asciiLower("Clinic@Example.TEST")).toBe("clinic@example.test");
    for (const letter of ["\u0130", "\u212a", "\u017f", "\u1e9e", "\ufb01", "\uff21", "Ș"])
      expect(asciiLower(letter)).toBe(letter);
  });

  it("is the only way in which our sources fold", () => {
    const files = globSync(
      "{runtime,server,tasks,messages,webhooks,providers,secrets,db/connection,db/embedded,db/migrating,db/testing,db/seed}/**/*.ts",
      { cwd: root },
    )
      .map((file) => file.split(path.sep).join("/"))
      .filter((file) => !/(^|\/)tests\/|\.test\.ts$/.test(file));
    expect(files.length).toBeGreaterThan(100);
    const folding = files.filter((file) => readFileSync(path.join(root, file), "utf8").match(foldsByUnicode));
    expect(folding.filter((file) => !(file in meant))).toEqual([]);
    expect(Object.keys(meant).filter((file) => !folding.includes(file))).toEqual([]);
  });

  it("would find every way to fold by Unicode", () => {
    for (const line of [
      "name.toLowerCase()",
      "name.toLocaleUpperCase('tr')",
      "a.localeCompare(b)",
      'name.normalize("NFKC")',
      "/k/iu.test(name)",
      "/k/vgi.exec(name)",
    ])
      expect(line.match(foldsByUnicode), line).not.toBeNull();
    // Without u, `i` compares ASCII with ASCII alone.
    expect("/k/i.test(name)".match(foldsByUnicode)).toBeNull();
    expect(/k/i.test("\u212a") || /s/i.test("\u017f")).toBe(false);
  });
});
