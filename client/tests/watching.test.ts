import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { until } from "../../server/tests/listener.ts";
import { refusalOf, uuid } from "../index.ts";
import { type ClientWorld, openClientWorld } from "./support.ts";

let world: ClientWorld;
/** What stands between, and can be cut. */
let between: Server;
const open = new Set<Socket>();

beforeAll(async () => {
  world = await openClientWorld("the times of its calendar are watched");
  const { port, hostname } = new URL(world.api.url);
  between = createServer().listen(0);
  between.removeAllListeners("connection");
  between.on("connection", (near: Socket) => {
    const far = connect(Number(port), hostname);
    for (const one of [near, far]) open.add(one.on("error", () => {}));
    near.pipe(far).pipe(near);
  });
});
afterAll(async () => {
  for (const socket of open) socket.destroy();
  between.close();
  await world.close();
});

const book = (day: number): Promise<unknown> =>
  world.api.sql(
    `select app_private.publish('slot.released', organization_id, gen_random_uuid(), jsonb_build_object('calendarId', calendar_id,
       'specialistId', specialist_id, 'startsAt', at, 'endsAt', at + interval '1 hour'))
     from app_public.calendar_specialists,
          (select date_trunc('day', now()) + make_interval(days => $1, hours => 12) as at) as time
     where calendar_id = $2`,
    [day, world.calendar],
  );

it("SCH-07: begins with everything, hears days, comes back by itself, and ends with a refusal", async () => {
  const client = world.clientOf(undefined, {
    url: `http://localhost:${(between.address() as AddressInfo).port}`,
  });
  const heard: (string[] | null)[] = [];
  let losses = 0;
  const stop = client.watchAvailability(world.calendar, {
    changed: (days) => heard.push(days),
    lost: () => {
      losses += 1;
    },
    ended: () => heard.push(["ended"]),
  });
  await until(() => heard.length === 1, "the beginning");
  expect(heard[0]).toBeNull();
  await book(10);
  await until(() => heard.length === 2, "a change");
  expect(heard[1]?.[0]).toMatch(/^\d{4}-\d\d-\d\d$/);
  for (const socket of open) socket.destroy();
  await book(20);
  await until(() => heard.length >= 3, "what was missed", 15_000);
  expect(losses).toBe(1);
  // The clinic was made within what is told again: then any day may have changed.
  expect(heard[2] === null || (heard[2]?.length ?? 0) > 0).toBe(true);
  stop();

  const over = Promise.withResolvers<Error>();
  client.watchAvailability(uuid("0190a5a0-1111-7111-8111-000000000000"), {
    changed: () => {},
    ended: over.resolve,
  });
  expect(refusalOf(await over.promise, "NOT_FOUND", "calendar_not_found")).not.toBeNull();
});
