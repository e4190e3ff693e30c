import { describe, expect, it } from "vitest";
import { createAllowances, type Sharing } from "../allowances.ts";

describe("FND-27: an allowance", () => {
  const rate = { perMinute: 60, burst: 10 };
  const clocked = (sharing?: Sharing) => {
    let at = 1_000_000;
    const outages: (Error | null)[] = [];
    const allowances = createAllowances({ sharing, now: () => at, onOutage: (error) => outages.push(error) });
    return { ...allowances, outages, pass: (ms: number) => (at += ms) };
  };
  const spendAll = (allowances: ReturnType<typeof clocked>, who: string) => {
    let spent = 0;
    while (allowances.spend("graphql", who, rate).allowed) spent += 1;
    return spent;
  };

  it("is a burst, and then what comes back with time", () => {
    const allowances = clocked();
    expect(spendAll(allowances, "ana")).toBe(10);
    expect(allowances.spend("graphql", "ana", rate)).toEqual({
      allowed: false,
      remaining: 0,
      fullInMs: 10_000,
      retryInMs: 1_000,
    });
    allowances.pass(2_500);
    expect(allowances.spend("graphql", "ana", rate)).toEqual({
      allowed: true,
      remaining: 1,
      fullInMs: 8_500,
      retryInMs: 0,
    });
    allowances.pass(1_000);
    expect(spendAll(allowances, "ana")).toBe(2);
    allowances.pass(3_600_000);
    expect(spendAll(allowances, "ana")).toBe(10);
  });

  it("is each caller's own, and each limit's", () => {
    const allowances = clocked();
    spendAll(allowances, "ana");
    expect(allowances.spend("graphql", "dan", rate)).toMatchObject({ allowed: true, remaining: 9 });
    expect(allowances.spend("uploads", "ana", rate)).toMatchObject({ allowed: true, remaining: 9 });
  });

  it("pays for what costs more, and a refusal costs nothing", () => {
    const allowances = clocked();
    expect(allowances.spend("graphql", "ana", rate, 7).remaining).toBe(3);
    expect(allowances.spend("graphql", "ana", rate, 4)).toMatchObject({
      allowed: false,
      remaining: 3,
      retryInMs: 1_000,
    });
    expect(allowances.spend("graphql", "ana", rate, 3).allowed).toBe(true);
    allowances.pass(10_000);
    expect(allowances.spend("graphql", "ana", rate, 1_000_000)).toMatchObject({
      allowed: true,
      remaining: 0,
    });
  });

  it("is one for all servers: what is spent at one is gone at the other", async () => {
    const store = sharedStore();
    const [one, other] = [clocked(store.sharing), clocked(store.sharing)];
    for (let n = 0; n < 6; n++) one.spend("graphql", "ana", rate);
    for (let n = 0; n < 2; n++) other.spend("graphql", "ana", rate);
    await one.share();
    await other.share();
    expect(spendAll(other, "ana")).toBe(2);
  });

  it("is not talked about while little of it is spent", async () => {
    const store = sharedStore();
    const allowances = clocked(store.sharing);
    for (let n = 0; n < 500; n++) allowances.spend("graphql", `visitor ${n}`, { perMinute: 600, burst: 300 });
    await allowances.share();
    expect(store.told).toBe(0);
  });

  it("counts on alone while the store is down, and tells what it knows when it is back", async () => {
    const store = sharedStore();
    const [one, other] = [clocked(store.sharing), clocked(store.sharing)];
    store.isDown = true;
    for (let n = 0; n < 6; n++) one.spend("graphql", "ana", rate);
    await one.share();
    await one.share();
    expect(one.outages).toHaveLength(1);
    expect(spendAll(one, "ana")).toBe(4);
    store.isDown = false;
    await one.share();
    expect(one.outages.at(-1)).toBeNull();
    other.spend("graphql", "ana", rate);
    await other.share();
    expect(spendAll(other, "ana")).toBe(0);
  });

  it("takes a bounded part of the memory, however many callers there are: who was silent longest is forgotten", () => {
    const allowances = clocked();
    for (let n = 0; n < 50_000; n++) allowances.spend("graphql", `2001:db8:${n}::/64`, rate);
    allowances.spend("graphql", "2001:db8:1::/64", rate);
    for (let n = 50_000; n < 60_000; n++) allowances.spend("graphql", `2001:db8:${n}::/64`, rate);
    expect(allowances.size()).toBe(50_000);
    expect(allowances.spend("graphql", "2001:db8:1::/64", rate).remaining).toBe(7);
    expect(allowances.spend("graphql", "2001:db8:2::/64", rate).remaining).toBe(9);
  });

  it("is forgotten the moment that all of it is back, and never kept for nothing", async () => {
    const allowances = clocked();
    allowances.spend("graphql", "ana", rate, 0);
    expect(allowances.size()).toBe(0);
    allowances.spend("graphql", "ana", rate);
    allowances.pass(999);
    await allowances.share();
    expect(allowances.size()).toBe(1);
    allowances.pass(1);
    await allowances.share();
    expect(allowances.size()).toBe(0);
  });

  it("counts the smallest cost there is, and tells it from a tenth of the burst on", async () => {
    const store = sharedStore();
    const allowances = clocked(store.sharing);
    const fine = { perMinute: 60_000, burst: 10 };
    expect(allowances.spend("graphql", "ana", fine).remaining).toBe(9);
    await allowances.share();
    expect(store.heard).toEqual([1]);
    allowances.spend("graphql", "dan", { perMinute: 60_000, burst: 11 });
    await allowances.share();
    expect(store.heard).toEqual([1]);
  });

  it("is told once, by digests, and a refusal is not told at all", async () => {
    const store = sharedStore();
    const allowances = clocked(store.sharing);
    await allowances.share();
    expect(store.asked).toBe(0);
    expect(spendAll(allowances, "ana")).toBe(10);
    await Promise.all([allowances.share(), allowances.share()]);
    await allowances.share();
    expect(store.heard).toEqual([10_000]);
    expect(store.keys).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
    expect(allowances.outages).toEqual([]);
  });

  it("tells nothing of what was refused for what others spent", async () => {
    const store = sharedStore();
    const [one, other] = [clocked(store.sharing), clocked(store.sharing)];
    other.spend("graphql", "ana", rate, 6);
    await other.share();
    one.spend("graphql", "ana", rate, 2);
    await one.share();
    expect(one.spend("graphql", "ana", rate, 4).allowed).toBe(false);
    await one.share();
    expect(store.heard).toEqual([6_000, 2_000]);
  });

  it("tells each outage once, and each end of one", async () => {
    const store = sharedStore();
    const allowances = clocked(store.sharing);
    const spendAndShare = async () => {
      allowances.spend("graphql", "ana", rate);
      await allowances.share();
    };
    for (const isDown of [false, true, true, false, false, true]) {
      store.isDown = isDown;
      await spendAndShare();
    }
    expect(allowances.outages).toEqual([expect.any(Error), null, expect.any(Error)]);
  });

  it("keeps no process alive", () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const before = timers();
    clocked();
    expect(timers()).toBe(before);
  });

  /** What the database does, with the same clock for both servers. */
  function sharedStore() {
    const ahead = new Map<string, number>();
    const store = {
      told: 0,
      asked: 0,
      heard: [] as number[],
      keys: [] as string[],
      isDown: false,
      sharing: (async (spending) => {
        store.asked += 1;
        if (store.isDown) throw new Error("the store is down");
        store.told += spending.length;
        store.heard.push(...spending.map(({ spentMs }) => spentMs));
        store.keys.push(...spending.map(({ key }) => key.toString("hex")));
        return new Map(
          spending.map(({ key, spentMs }) => {
            const id = key.toString("hex");
            ahead.set(id, (ahead.get(id) ?? 0) + spentMs);
            return [id, ahead.get(id) ?? 0];
          }),
        );
      }) as Sharing,
    };
    return store;
  }
});
