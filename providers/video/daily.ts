import { z } from "zod";
import { CredentialsRefused } from "../failures.ts";
import { type OutboundAnswer, request } from "../outbound/index.ts";
import { type ListedRoom, VideoDelayed, VideoRefused, type VideoRooms } from "./port.ts";

/** An account at Daily.co. */
export type DailyAccount = {
  apiKey: string;
  /** Another server that speaks Daily's protocol; absent: Daily's own. */
  apiUrl?: string;
};

const dailyUrl = "https://api.daily.co";
/** As many rooms as Daily lists at once. */
const longestPage = 100;
/** The longest answer that is read, in bytes: a page of rooms. */
const longest = 1024 * 1024;

const made = z.looseObject({ url: z.url({ protocol: /^https?$/ }) });
const deleted = z.looseObject({ deleted: z.literal(true) });
const admitted = z.looseObject({ token: z.string().min(1) });
const anything = z.looseObject({});
const failure = z.looseObject({ error: z.string().optional(), info: z.string().optional() });
const page = z.looseObject({
  data: z.array(
    z.looseObject({
      id: z.string(),
      name: z.string(),
      config: z.looseObject({ exp: z.number().optional() }).optional(),
    }),
  ),
});

const seconds = (instant: Date) => Math.floor(instant.getTime() / 1000);

/**
 * Rooms at Daily.co (APT-07), by its REST API: https://docs.daily.co/reference/rest-api. Daily takes no key by which it
 * would know a repeat. The name of a room is one: a second room of the same name is refused, and then the first is ours.
 */
export function dailyRooms(
  account: DailyAccount,
  timeoutMs = 10_000,
  pageSize = longestPage,
): Omit<VideoRooms, "integrationId"> {
  const ask = dailyClient(account, timeoutMs);
  const room = (name: string, what = "") => `/rooms/${encodeURIComponent(name)}${what}`;

  return {
    vendor: "daily",

    async open({ name, opensAt, expiresAt }) {
      const properties = {
        nbf: seconds(opensAt),
        exp: seconds(expiresAt),
        eject_at_room_exp: true,
        enable_chat: true,
        enable_knocking: false,
        max_participants: 10,
      };
      const answer = await ask("POST", "/rooms", { name, privacy: "private", properties });
      if (answer.status === 400 && /already exists/i.test(reasonOf(answer).info)) {
        return { url: read(made, accepted(await ask("GET", room(name)))).url };
      }
      return { url: read(made, accepted(answer)).url };
    },

    async close(name) {
      const answer = await ask("DELETE", room(name));
      if (answer.status !== 404 || !reasonOf(answer).error) read(deleted, accepted(answer));
    },

    async admit({ roomName, displayName, isOwner, locale, expiresAt }) {
      const properties = {
        room_name: roomName,
        user_name: displayName,
        is_owner: isOwner,
        exp: seconds(expiresAt),
        // Daily has no Romanian for its own screens yet.
        lang: locale === "en" ? "en" : "user",
        enable_recording_ui: false,
      };
      const { token } = read(admitted, accepted(await ask("POST", "/meeting-tokens", { properties })));
      return { token };
    },

    // A room records only between these two, so nobody inside can begin it past us: consent is asked here.
    async startRecording(name) {
      read(made, accepted(await ask("POST", room(name), { properties: { enable_recording: "cloud" } })));
      const answer = await ask("POST", room(name, "/recordings/start"), {});
      if (answer.status === 400 && /already|active stream/i.test(reasonOf(answer).info)) return;
      read(anything, accepted(answer));
    },

    async stopRecording(name) {
      const answer = await ask("POST", room(name, "/recordings/stop"), {});
      // 404: the room is gone, and with it whoever was recorded. 400: no recording is active.
      const isDailys = Boolean(reasonOf(answer).error);
      if (answer.status === 404 && isDailys) return;
      if (answer.status !== 400 || !isDailys) read(anything, accepted(answer));
      read(made, accepted(await ask("POST", room(name), { properties: { enable_recording: null } })));
    },

    async *list(): AsyncIterable<ListedRoom> {
      let after = "";
      for (;;) {
        const { data } = read(page, accepted(await ask("GET", `/rooms?limit=${pageSize}${after}`)));
        for (const { name, config } of data) {
          yield { name, expiresAt: config?.exp === undefined ? null : new Date(config.exp * 1000) };
        }
        const last = data.at(-1);
        if (!last || data.length < pageSize) return;
        after = `&starting_after=${encodeURIComponent(last.id)}`;
      }
    },
  };
}

/** Reads the account, which makes nothing. Rejects with CredentialsRefused, or VideoDelayed when Daily could not be asked. */
export async function tryDaily(account: DailyAccount): Promise<void> {
  accepted(await dailyClient(account, 10_000)("GET", "/"));
}

type Ask = (method: string, path: string, body?: object) => Promise<OutboundAnswer>;

function dailyClient({ apiKey, apiUrl = dailyUrl }: DailyAccount, timeoutMs: number): Ask {
  return async (method, path, body) => {
    try {
      return await request(`${apiUrl}/v1${path}`, {
        reach: "anywhere", // the operator's choice: Daily, or DAILY_API_URL
        method,
        headers: {
          authorization: `Bearer ${apiKey}`,
          accept: "application/json",
          ...(body && { "content-type": "application/json" }),
        },
        ...(body && { body: JSON.stringify(body) }),
        timeoutMs,
        longest,
      });
    } catch (error) {
      const { code } = error as { code?: unknown };
      throw new VideoDelayed(
        `daily ${typeof code === "string" && /^[A-Z_]+$/.test(code) ? code : "no answer"}`,
      );
    }
  };
}

/** The answer, where Daily did what it was asked. Of what it did not, its word for it: its sentences quote names. */
function accepted(answer: OutboundAnswer): OutboundAnswer {
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return answer;
  const reason = `daily ${reasonOf(answer).error || `HTTP ${status}`}`;
  if (status === 401 || status === 403) throw new CredentialsRefused(reason);
  if (status === 408 || status === 429 || status >= 500 || status < 400) {
    const after = Number(headers["retry-after"]);
    throw new VideoDelayed(reason, Number.isFinite(after) && after > 0 ? after : null);
  }
  throw new VideoRefused(reason);
}

function reasonOf({ body }: OutboundAnswer): { error: string; info: string } {
  const { data } = failure.safeParse(jsonOf(body));
  const error = data?.error ?? "";
  return { error: /^[a-z-]{1,60}$/.test(error) ? error : "", info: data?.info ?? "" };
}

/** What a good answer says. One that is not what Daily documents came from something between us. */
function read<T>(shape: z.ZodType<T>, { body }: OutboundAnswer): T {
  const { success, data } = shape.safeParse(jsonOf(body));
  if (!success) throw new VideoDelayed("daily answered something else");
  return data;
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
