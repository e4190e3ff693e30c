import { describe, expect, it } from "vitest";
import { Stream } from "../sockets/stream.ts";

const read = async (stream: Stream, count: number): Promise<string[]> => {
  const ids: string[] = [];
  while (ids.length < count) ids.push((await stream.next()).value?.id);
  return ids;
};

describe("FND-15: the stream behind one subscription", () => {
  it("hands out what was pushed in order, whether the reader waits or comes later", async () => {
    const stream = new Stream({ kind: "inbox" }, () => {});
    const waiting = read(stream, 1);
    for (const id of ["a", "b", "c"]) stream.push({ id });
    expect(await waiting).toEqual(["a"]);
    expect(await read(stream, 2)).toEqual(["b", "c"]);
  });

  it("says when a reader is more than a hundred behind", async () => {
    const stream = new Stream({ kind: "inbox" }, () => {});
    const kept = Array.from({ length: 100 }, (_, n) => stream.push({ id: String(n) }));
    expect(kept.every(Boolean)).toBe(true);
    expect(stream.push({ id: "one more" })).toBe(false);
  });

  it("ends once, for whoever waits and whoever comes later", async () => {
    let ends = 0;
    const stream = new Stream({ kind: "inbox" }, () => {
      ends += 1;
    });
    const waiting = stream.next();
    await stream.return();
    await stream.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(stream.push({ id: "late" })).toBe(true);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    await expect(stream.throw(new Error("gone"))).rejects.toThrow("gone");
    expect(ends).toBe(1);
  });
});
