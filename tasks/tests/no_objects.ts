import type { ObjectStores } from "../../providers/storage/port.ts";

/** For tests of tasks that touch no object: one that does fails. */
export const noObjects: ObjectStores = {
  for: () => Promise.reject(new Error("this test has no object store")),
  close() {},
};
