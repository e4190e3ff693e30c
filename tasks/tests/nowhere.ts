import type { Outside } from "../task.ts";

const unreachable = (what: string) => () => Promise.reject(new Error(`this test has no ${what}`));

/** For tests of tasks that touch nothing outside, or one thing that they put in its place: the rest fails. */
export const nowhere: Outside = {
  mailers: { for: unreachable("mail"), check: unreachable("mail"), close() {} },
  objects: { for: unreachable("object store"), close() {} },
  webhooks: new Map(),
  kms: {
    masterKeyId: "none",
    generateDataKey: unreachable("KMS"),
    unwrap: unreachable("KMS"),
    rewrap: unreachable("KMS"),
    describe: unreachable("KMS"),
    close() {},
  },
  secrets: { seal: unreachable("secrets"), open: unreachable("secrets"), refresh() {} },
  linkKeys: unreachable("links"),
};
