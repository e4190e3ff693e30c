import { z } from "zod";
import { readVariable } from "../../runtime/environment/variable.ts";
import { CredentialsRefused } from "../failures.ts";
import { mailboxVideo } from "../mailbox/account.ts";
import type { NoteUse, ResolveProvider } from "../resolve.ts";
import { type DailyAccount, dailyRooms } from "./daily.ts";
import { VideoRefused, type VideoRooms, type VideoVendors } from "./port.ts";

export type { VideoRooms, VideoVendors } from "./port.ts";
export { VideoDelayed, VideoRefused } from "./port.ts";

/**
 * Chooses where a clinic's video calls take place (APT-07, FND-22): its own account at Daily.co, or the platform's by
 * DAILY_API_KEY. Without one, outside production: the embedded mailbox, which speaks Daily's protocol. `noteUse` hears
 * whether a clinic's own account was taken (FND-23).
 */
export function videoVendorsFrom(
  env: NodeJS.ProcessEnv,
  resolve?: ResolveProvider,
  noteUse: NoteUse = (_, use) => use,
): VideoVendors {
  const platform = platformVideo(env);

  return {
    async for(organizationId) {
      const resolved = await resolve?.("video", organizationId);
      const integrationId = resolved?.integrationId ?? null;
      if (resolved?.credentials && resolved.provider !== "daily") {
        throw new VideoRefused(`video: there is no adapter for ${resolved.provider}`);
      }
      const account = resolved?.credentials ? ownDaily(resolved.credentials, env) : platform;
      if (!account) throw new VideoRefused("video: no account is set up");

      const rooms = dailyRooms(account);
      const noted = <T>(use: Promise<T>) => noteUse(integrationId, use);
      return {
        ...rooms,
        integrationId,
        open: (room) => noted(rooms.open(room)),
        close: (name) => noted(rooms.close(name)),
        admit: (seat) => noted(rooms.admit(seat)),
        startRecording: (name) => noted(rooms.startRecording(name)),
        stopRecording: (name) => noted(rooms.stopRecording(name)),
      } satisfies VideoRooms;
    },
  };
}

/** The platform's account as the environment names it; null where production has none. */
function platformVideo(env: NodeJS.ProcessEnv): DailyAccount | null {
  if (!env.DAILY_API_KEY) return env.APP_MODE === "production" ? null : mailboxVideo(env);
  const key = { schema: z.string().min(16), expects: "an API key of Daily.co" };
  return { apiKey: readVariable(env, "DAILY_API_KEY", key), ...apiUrl(env) };
}

const ownCredentials = z.looseObject({ apiKey: z.string().min(1) });

/** The account that a clinic entered. Throws CredentialsRefused when it is not whole. */
export function ownDaily(credentials: Record<string, string>, env: NodeJS.ProcessEnv): DailyAccount {
  const { success, data } = ownCredentials.safeParse(credentials);
  if (!success) throw new CredentialsRefused("daily: the account needs apiKey");
  return { apiKey: data.apiKey, ...apiUrl(env) };
}

/** DAILY_API_URL: another server that speaks Daily's protocol. */
function apiUrl(env: NodeJS.ProcessEnv): { apiUrl?: string } {
  if (!env.DAILY_API_URL) return {};
  // The account's key goes there: never over the network in the clear.
  const protocol = env.APP_MODE === "production" ? /^https$/ : /^https?$/;
  const another = { schema: z.url({ protocol }), expects: "an https URL" };
  return { apiUrl: readVariable(env, "DAILY_API_URL", another).replace(/\/+$/, "") };
}
