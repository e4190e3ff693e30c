import { timingSafeEqual } from "node:crypto";
import { type Answer, type Ask, json } from "./answer.ts";
import type { CapturedRoom, Rooms } from "./rooms.ts";

/**
 * As much of Daily's REST API as video appointments need, so that the adapter works against the mailbox: rooms are made,
 * read, listed, recorded and deleted, and tokens made. https://docs.daily.co/reference/rest-api
 */
export async function dailyApi(rooms: Rooms, ask: Ask): Promise<Answer> {
  const [, kind, name, recordings, what] = ask.path;
  if (!isKey(rooms, ask.headers.authorization))
    return refusal(401, "authentication-error", "The key is not known.");
  const body = bodyOf(ask);
  if (body === null) return refusal(400, "invalid-request-error", "The body is no JSON object.");
  const origin = `http://${ask.headers.host}`;

  if (kind === undefined && ask.method === "GET") return json({ domain_name: "mailbox", config: {} });
  if (kind === "meeting-tokens" && ask.method === "POST") return token(rooms, body);
  if (kind !== "rooms") return notFound;

  if (name === undefined && ask.method === "POST") return create(rooms, body, origin);
  if (name === undefined && ask.method === "GET") return list(rooms, ask, origin);
  const room = name === undefined ? undefined : await rooms.find(name);
  if (!room) return notFound;
  if (recordings === "recordings" && ask.method === "POST") return record(rooms, room, what);
  if (recordings !== undefined) return notFound;
  if (ask.method === "GET") return json(resource(room, origin));
  if (ask.method === "POST") {
    const config = isObject(body.properties) ? { ...room.config, ...body.properties } : room.config;
    await rooms.change(room.name, { config });
    return json(resource({ ...room, config }, origin));
  }
  if (ask.method !== "DELETE") return notFound;
  await rooms.change(room.name, { isOver: true });
  return json({ deleted: true, name: room.name });
}

async function create(rooms: Rooms, body: Record<string, unknown>, origin: string): Promise<Answer> {
  const { name, privacy = "public", properties: config = {} } = body;
  if (typeof name !== "string" || !/^[A-Za-z0-9_-]{1,128}$/.test(name)) {
    return refusal(400, "invalid-request-error", "name has letters, digits, - and _ only");
  }
  if (privacy !== "public" && privacy !== "private") {
    return refusal(400, "invalid-request-error", "privacy is public or private");
  }
  if (!isObject(config)) return refusal(400, "invalid-request-error", "properties is an object");
  if (typeof config.exp === "number" && config.exp * 1000 <= Date.now()) {
    return refusal(400, "invalid-request-error", "exp is in the past");
  }
  if (await rooms.find(name))
    return refusal(400, "invalid-request-error", `a room named ${name} already exists`);
  return json(resource(await rooms.make({ name, privacy, config }), origin));
}

async function list(rooms: Rooms, { query }: Ask, origin: string): Promise<Answer> {
  const all = await rooms.list();
  const after = query.get("starting_after");
  const from = after === null ? 0 : all.findIndex(({ roomId }) => roomId === after) + 1;
  const most = Math.min(Number(query.get("limit")) || 100, 100);
  const data = all.slice(from, from + most).map((room) => resource(room, origin));
  return json({ total_count: all.length, data });
}

async function record(rooms: Rooms, room: CapturedRoom, what: string | undefined): Promise<Answer> {
  if (what !== "start" && what !== "stop") return notFound;
  if (what === "start" && room.config.enable_recording !== "cloud") {
    return refusal(400, "invalid-request-error", "recording is not enabled");
  }
  if (what === "start" && room.isRecorded) {
    return refusal(400, "invalid-request-error", "has an active stream");
  }
  if (what === "stop" && !room.isRecorded)
    return refusal(400, "invalid-request-error", "does not have an active stream");
  await rooms.change(room.name, { isRecorded: what === "start" });
  return json({ status: "OK" });
}

function token(rooms: Rooms, { properties }: Record<string, unknown>): Answer {
  if (!isObject(properties) || typeof properties.room_name !== "string") {
    return refusal(400, "invalid-request-error", "properties.room_name is missing");
  }
  const { room_name, user_name, is_owner, exp } = properties as { room_name: string } & Record<string, never>;
  return json({ token: rooms.admit({ room_name, user_name, is_owner, exp }) });
}

function resource({ roomId, name, privacy, config }: CapturedRoom, origin: string): object {
  return { id: roomId, name, privacy, config, api_created: true, url: `${origin}/video/${name}` };
}

function isKey({ key }: Rooms, authorization = ""): boolean {
  const expected = Buffer.from(`Bearer ${key}`);
  const given = Buffer.from(authorization);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function bodyOf({ body }: Ask): Record<string, unknown> | null {
  if (body.length === 0) return {};
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    return isObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const notFound = refusal(404, "not-found", "There is no such thing.");

function refusal(status: number, error: string, info: string): Answer {
  return json({ error, info }, status);
}
