import { z } from "zod";
import { CredentialsRefused } from "../failures.ts";
import { type OutboundAnswer, request } from "../outbound/index.ts";
import { ExerciseVideoDelayed, ExerciseVideoRefused } from "./port.ts";

/** A video library at Bunny Stream. */
export type BunnyLibrary = {
  libraryId: string;
  /** The library's own key, not the account's. */
  apiKey: string;
  /** The library's pull zone, which browsers are sent to. */
  host: string;
  /** What its URLs are signed with. */
  tokenKey: string;
  /** Another server that speaks Bunny's protocol; absent: Bunny's own. */
  apiUrl?: string;
};

const bunnyUrl = "https://video.bunnycdn.com";
/** The longest answer that is read, in bytes: a page of videos. */
const longest = 1024 * 1024;

export type Ask = (method: string, path: string, body?: object | Buffer) => Promise<OutboundAnswer>;

/** Asks the HTTP API of Bunny Stream: https://docs.bunny.net/reference/api-overview. */
export function bunnyClient(
  { libraryId, apiKey, apiUrl = bunnyUrl }: BunnyLibrary,
  { timeoutMs, uploadTimeoutMs }: { timeoutMs: number; uploadTimeoutMs: number },
): Ask {
  return async (method, path, body) => {
    const isFile = Buffer.isBuffer(body);
    const type = isFile ? "application/octet-stream" : "application/json";
    try {
      return await request(`${apiUrl}/library/${libraryId}${path}`, {
        reach: "anywhere", // the operator's choice: Bunny, or BUNNY_STREAM_API_URL
        method,
        headers: { AccessKey: apiKey, accept: "application/json", ...(body && { "content-type": type }) },
        ...(body && { body: isFile ? body : JSON.stringify(body) }),
        timeoutMs: isFile ? uploadTimeoutMs : timeoutMs,
        longest,
      });
    } catch (error) {
      const { code } = error as { code?: unknown };
      throw new ExerciseVideoDelayed(
        `bunny ${typeof code === "string" && /^[A-Z_]+$/.test(code) ? code : "no answer"}`,
      );
    }
  };
}

/** The answer, where Bunny did what it was asked. */
export function accepted(answer: OutboundAnswer): OutboundAnswer {
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return answer;
  const reason = `bunny HTTP ${status}`;
  if (status === 401 || status === 403) throw new CredentialsRefused(reason);
  if (status === 408 || status === 429 || status >= 500 || status < 400) {
    const after = Number(headers["retry-after"]);
    throw new ExerciseVideoDelayed(reason, Number.isFinite(after) && after > 0 ? after : null);
  }
  throw new ExerciseVideoRefused(reason);
}

/** What a good answer says. One that is not what Bunny documents came from something between us. */
export function read<T>(shape: z.ZodType<T>, { body }: OutboundAnswer): T {
  let json: unknown;
  try {
    json = JSON.parse(body.toString("utf8"));
  } catch {
    json = undefined;
  }
  const { success, data } = shape.safeParse(json);
  if (!success) throw new ExerciseVideoDelayed("bunny answered something else");
  return data;
}

export const video = z.looseObject({
  guid: z.string().min(1),
  title: z.string(),
  dateUploaded: z.string(),
  status: z.number().int(),
  availableResolutions: z.string().nullish(),
});
export type BunnyVideo = z.output<typeof video>;
/** What Bunny says when it has kept or deleted something. */
export const done = z.looseObject({ success: z.literal(true) });
export const collection = z.looseObject({ guid: z.string().min(1), name: z.string() });

const page = <T>(item: z.ZodType<T>) => z.looseObject({ totalItems: z.number().int(), items: z.array(item) });
/** As many items as Bunny lists at once. */
const longestPage = 100;
/** What is searched for is a whole name: more pages than these hold something else. */
const mostPages = 20;

/** Everything that a search finds, page after page. */
export async function search<T>(
  ask: Ask,
  what: "videos" | "collections",
  item: z.ZodType<T>,
  words: string,
): Promise<T[]> {
  const found: T[] = [];
  for (let n = 1; n <= mostPages; n++) {
    const path = `/${what}?page=${n}&itemsPerPage=${longestPage}&search=${encodeURIComponent(words)}`;
    const { items, totalItems } = read(page(item), accepted(await ask("GET", path)));
    found.push(...items);
    if (items.length === 0 || n * longestPage >= totalItems) break;
  }
  return found;
}
