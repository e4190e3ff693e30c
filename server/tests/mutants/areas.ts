/**
 * What is broken, and which tests should notice: those of them that come to the broken file by what they import. The
 * slow ones, which start servers, are asked about what the others let pass.
 */
export type Area = { sources: string; tests: string[]; slow?: string[] };

const provider = (name: string, more: Partial<Area> = {}): Area => ({
  sources: `providers/${name}/**/*.ts`,
  ...more,
  tests: [`providers/${name}/tests/*.test.ts`, "providers/tests/*.test.ts", ...(more.tests ?? [])],
});

/** The ways in and out first. */
export const areas: Area[] = [
  {
    sources: "server/identity/*.ts",
    tests: ["server/identity/tests/*.test.ts", "server/tests/units.test.ts"],
    slow: ["server/tests/{identity,revocation,languages}.test.ts"],
  },
  {
    sources: "server/limits/*.ts",
    tests: ["server/limits/tests/*.test.ts"],
    slow: ["server/tests/rate_limits.test.ts"],
  },
  {
    sources: "server/files/examine/{pdf,unpacked}*.ts",
    tests: ["server/files/tests/{unpacked,pdf,pdf_actions}.test.ts"],
    slow: ["server/files/tests/{examine,pdf_size}.test.ts"],
  },
  { sources: "server/files/examine/{apart,thread}.ts", tests: ["server/files/tests/apart.test.ts"] },
  {
    sources: "server/files/examine/*.ts",
    tests: ["server/files/tests/{formats,png,pictures}.test.ts"],
    slow: ["server/files/tests/{examine,pdf,pdf_actions,pdf_size}.test.ts"],
  },
  {
    sources: "server/files/*.ts",
    tests: ["server/files/tests/links.test.ts"],
    slow: ["server/files/tests/files.test.ts"],
  },
  provider("outbound", { slow: ["providers/push/tests/*.test.ts", "providers/email/tests/*.test.ts"] }),
  provider("webhooks", { slow: ["server/tests/webhooks.test.ts"] }),
  {
    sources: "runtime/environment/{variable,data_dir,mode}.ts",
    tests: ["runtime/tests/environment.test.ts", "server/tests/units.test.ts"],
  },
  provider("kms", { tests: ["server/tests/units.test.ts"], slow: ["secrets/tests/*.test.ts"] }),
  {
    sources: "secrets/{resolver,account_use}.ts",
    tests: ["secrets/tests/{resolver,account_use}.test.ts"],
    slow: ["server/tests/integrations.test.ts"],
  },
  {
    sources: "providers/*.ts",
    tests: ["providers/**/*.test.ts"],
    slow: ["server/tests/integrations.test.ts"],
  },
  provider("email"),
  provider("push"),
  provider("sms"),
  provider("storage"),
  provider("mailbox"),
];
