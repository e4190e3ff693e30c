import { createHash } from "node:crypto";
import {
  type Ask,
  accepted,
  type BunnyLibrary,
  type BunnyVideo,
  bunnyClient,
  collection,
  done,
  read,
  search,
  video,
} from "./bunny_client.ts";
import { ExerciseVideoDelayed, type ExerciseVideos, type NewVideo, PLAYBACK_SECONDS } from "./port.ts";

/** What Bunny calls the states of a video: 0 made, 5 failed, 6 its upload failed; the others have their bytes. */
const EMPTY = 0;
const FAILED = 5;
const UPLOAD_FAILED = 6;
const PLAYABLE = [4, 7, 8]; // finished, and two kinds of prepared as somebody watches

const hasFailed = ({ status }: BunnyVideo) => status === FAILED || status === UPLOAD_FAILED;
const hasBytes = (one: BunnyVideo) => one.status !== EMPTY && !hasFailed(one);

/**
 * Videos at Bunny Stream (EXL-05). Bunny takes no key by which it would know a repeat. The title of a video ends with our key, so
 * that a repeat finds it. Where two tries made one each, at once or because an answer was lost, both see both, keep the same one,
 * and take the others away.
 */
export function bunnyVideos(
  library: BunnyLibrary,
  { timeoutMs = 15_000, uploadTimeoutMs = 300_000 } = {},
): ExerciseVideos {
  const ask = bunnyClient(library, { timeoutMs, uploadTimeoutMs });
  const at = (videoId: string) => `/videos/${encodeURIComponent(videoId)}`;
  /** The collections that are being looked for by this process: one request for each slug. */
  const looking = new Map<string, Promise<string>>();
  const collectionOf = (slug: string) => {
    const found = looking.get(slug) ?? findOrMakeCollection(ask, slug).finally(() => looking.delete(slug));
    looking.set(slug, found);
    return found;
  };

  return {
    provider: "bunny",

    async keep(wanted) {
      const collectionId = await collectionOf(wanted.slug);
      let kept = await theOne(ask, wanted);
      if (!kept) {
        const title = titleOf(wanted);
        const made = read(video, accepted(await ask("POST", "/videos", { title, collectionId })));
        kept = (await theOne(ask, wanted)) ?? made;
      }
      if (!hasBytes(kept)) {
        const answer = await ask("PUT", at(kept.guid), wanted.bytes);
        // Another try took it away or filled it meanwhile: the next one finds what stayed.
        if (answer.status === 404 || answer.status === 400) {
          throw new ExerciseVideoDelayed(`bunny HTTP ${answer.status}`);
        }
        read(done, accepted(answer));
      }
      return { videoId: kept.guid, objectKey: null, collectionId };
    },

    async state(videoId) {
      const found = await look(ask, at(videoId));
      if (!found) return null;
      if (hasFailed(found)) return "failed";
      return PLAYABLE.includes(found.status) ? "playable" : "preparing";
    },

    async playback(videoId) {
      const found = await look(ask, at(videoId));
      const heights = (found?.availableResolutions ?? "").split(",").map((name) => Number.parseInt(name, 10));
      // Bunny keeps MP4s up to this height.
      const height = Math.max(...heights.filter((number) => number <= 720));
      if (!found || !PLAYABLE.includes(found.status) || height < 1) return null;
      return signed(library, `/${found.guid}/play_${height}p.mp4`);
    },

    async remove(videoId) {
      await takeAway(ask, at(videoId));
    },
  };
}

const titleOf = ({ slug, language, key }: NewVideo) => `${slug} ${language} ${key}`;

/** The video of this key: one that has its bytes, else the first that was made. The others, and what failed, are taken away. */
async function theOne(ask: Ask, wanted: NewVideo): Promise<BunnyVideo | undefined> {
  const found = await search(ask, "videos", video, wanted.key);
  const ours = found.filter(({ title }) => title === titleOf(wanted));
  const [one, ...others] = ours
    .filter((each) => !hasFailed(each))
    .toSorted((a, b) => Number(hasBytes(b)) - Number(hasBytes(a)) || compare(age(a), age(b)));
  for (const { guid } of [...others, ...ours.filter(hasFailed)])
    await takeAway(ask, `/videos/${encodeURIComponent(guid)}`);
  return one;
}

const age = ({ dateUploaded, guid }: BunnyVideo) => `${dateUploaded} ${guid}`;
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** The collection of an exercise. Of several by one name, which two tries at once may make, all take the same. */
async function findOrMakeCollection(ask: Ask, slug: string): Promise<string> {
  const find = async () =>
    (await search(ask, "collections", collection, slug))
      .filter(({ name }) => name === slug)
      .map(({ guid }) => guid)
      .toSorted(compare)[0];
  const found = await find();
  if (found) return found;
  const made = read(collection, accepted(await ask("POST", "/collections", { name: slug })));
  const taken = (await find()) ?? made.guid;
  // Ours is empty yet, and nobody else takes it.
  if (taken !== made.guid) await takeAway(ask, `/collections/${encodeURIComponent(made.guid)}`);
  return taken;
}

async function look(ask: Ask, path: string): Promise<BunnyVideo | null> {
  const answer = await ask("GET", path);
  return answer.status === 404 ? null : read(video, accepted(answer));
}

async function takeAway(ask: Ask, path: string): Promise<void> {
  const answer = await ask("DELETE", path);
  if (answer.status !== 404) read(done, accepted(answer));
}

/** A URL of the pull zone by Bunny's token authentication: https://docs.bunny.net/cdn/security/token-authentication/advanced. */
function signed({ host, tokenKey }: BunnyLibrary, path: string): { url: string; expiresAt: Date } {
  const expires = Math.floor(Date.now() / 1000) + PLAYBACK_SECONDS;
  const token = createHash("sha256").update(`${tokenKey}${path}${expires}`).digest("base64url");
  return {
    url: `https://${host}${path}?token=${token}&expires=${expires}`,
    expiresAt: new Date(expires * 1000),
  };
}
