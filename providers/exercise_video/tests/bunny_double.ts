import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { BunnyLibrary } from "../bunny_client.ts";

/** How Bunny fails. "after" means that it did what it was asked, and the answer is lost. */
export type Weather =
  | "well"
  | "hangs up"
  | "hangs up after"
  | "is silent after"
  | "is broken"
  | "is broken after"
  | "answers something else"
  | { status: number; retryAfter?: number };

type Video = {
  guid: string;
  title: string;
  collectionId: string;
  dateUploaded: string;
  status: number;
  availableResolutions: string | null;
  sha256: string | null;
};
type Collection = { guid: string; name: string };

export type BunnyVendor = {
  library: Required<BunnyLibrary>;
  /** What it was asked, in order: "POST /videos". */
  asked: string[];
  videos: Video[];
  collections: Collection[];
  behave(weather: Weather): void;
  /** How often requests that match fail before all is well again. */
  behaveFor(times: number, weather: Weather, which?: RegExp): void;
  /** Answers to requests that match wait for so many of them to be there. */
  gather(count: number, which: RegExp): void;
  stop(): Promise<void>;
};

const apiKey = "bunny-key-0123456789abcdef";

/** The part of Bunny Stream's HTTP API that videos of exercises need, kept in memory, with faults as told. */
export async function startBunny(): Promise<BunnyVendor> {
  const videos: Video[] = [];
  const collections: Collection[] = [];
  const asked: string[] = [];
  let weather: Weather = "well";
  let left = 0;
  let which = /./;
  let gathering: { count: number; which: RegExp; waiting: (() => void)[] } | undefined;

  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const url = new URL(request.url ?? "/", "http://bunny");
    const what = `${request.method} ${url.pathname.replace("/library/4711", "")}`;
    asked.push(what);
    const isUnderWeather = left > 0 && which.test(what);
    if (isUnderWeather) left -= 1;
    const now = isUnderWeather ? weather : "well";
    if (now === "hangs up") return void request.socket.destroy();
    if (now === "is broken") return answer(response, 503, { Message: "about the video of Ana" });
    if (now === "answers something else") return void response.end("<html>A gateway.</html>");
    if (typeof now === "object") {
      const after: Record<string, string> = now.retryAfter ? { "retry-after": String(now.retryAfter) } : {};
      return answer(response, now.status, {}, after);
    }
    const [status, json] = does(request, url, body);
    if (gathering?.which.test(what)) {
      const { waiting, count } = gathering;
      const all = new Promise<void>((resolve) => waiting.push(resolve));
      if (waiting.length === count) {
        gathering = undefined;
        for (const go of waiting) go();
      }
      await all;
    }
    if (now === "hangs up after") return void request.socket.destroy();
    if (now === "is silent after") return;
    if (now === "is broken after") return answer(response, 500, {});
    answer(response, status, json);
  });

  function does(request: IncomingMessage, url: URL, body: Buffer): [number, object] {
    if (request.headers.accesskey !== apiKey) return [401, { Message: "Authentication has been denied." }];
    const [, , library, kind, id] = url.pathname.split("/");
    if (library !== "4711" || (kind !== "videos" && kind !== "collections")) return [404, {}];
    const items: { guid: string }[] = kind === "videos" ? videos : collections;
    if (request.method === "GET" && !id) return [200, page(items, url.searchParams)];
    if (request.method === "POST" && !id) return [200, make(kind, JSON.parse(body.toString("utf8")))];
    const at = items.findIndex(({ guid }) => guid === id);
    const video = videos[at];
    if (at < 0) return [404, { success: false, statusCode: 404 }];
    if (request.method === "GET") return [200, items[at] as object];
    if (request.method === "DELETE") {
      items.splice(at, 1);
      return [200, { success: true }];
    }
    if (request.method !== "PUT" || kind !== "videos" || !video) return [405, {}];
    if (video.status !== 0) return [400, { success: false, message: "The video has been uploaded already" }];
    video.status = 1;
    video.sha256 = createHash("sha256").update(body).digest("hex");
    return [200, { success: true }];
  }

  function make(kind: string, { title, name, collectionId }: Record<string, string | undefined>): object {
    if (kind === "collections") {
      const made = { guid: randomUUID(), name: String(name) };
      collections.push(made);
      return made;
    }
    const made: Video = {
      guid: randomUUID(),
      title: String(title),
      collectionId: String(collectionId),
      dateUploaded: new Date().toISOString().replace("Z", ""),
      status: 0,
      availableResolutions: null,
      sha256: null,
    };
    videos.push(made);
    return made;
  }

  function page(items: object[], query: URLSearchParams): object {
    const words = (query.get("search") ?? "").toLowerCase();
    const found = items.filter((item) => JSON.stringify(item).toLowerCase().includes(words));
    const [number, size] = [Number(query.get("page") ?? 1), Number(query.get("itemsPerPage") ?? 100)];
    return {
      totalItems: found.length,
      currentPage: number,
      itemsPerPage: size,
      items: found.slice((number - 1) * size, number * size),
    };
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    library: {
      libraryId: "4711",
      apiKey,
      host: "vz-test.b-cdn.net",
      tokenKey: "token-key-0123456789",
      apiUrl: `http://127.0.0.1:${port}`,
    },
    asked,
    videos,
    collections,
    behave(next) {
      [weather, left, which] = [next, Number.POSITIVE_INFINITY, /./];
    },
    behaveFor(times, next, matching = /./) {
      [weather, left, which] = [next, times, matching];
    },
    gather(count, matching) {
      gathering = { count, which: matching, waiting: [] };
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(
  response: ServerResponse,
  status: number,
  json: object,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(json));
}
