import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import express, { type RequestHandler, Router } from "express";
import { protectiveHeaders } from "../../runtime/protective_headers.ts";
import type { Config } from "../config.ts";
import { originOfStore } from "./origin_of_store.ts";
import { signInSettings } from "./sign_in.ts";

/** What `npm run web:build` made of `web/`. */
const built = path.join(import.meta.dirname, "..", "..", "web", "dist");

/**
 * The pages of `web/pages`, by address: behind a link (`link`), for people who sign in (`person`), and for whoever works
 * on this machine (`developer`), which production does not have.
 */
const pages: Record<string, { folder: string; for: "link" | "person" | "developer" }> = {
  "/": { folder: "start", for: "developer" },
  "/preview": { folder: "preview", for: "developer" },
  "/sign": { folder: "sign", for: "link" },
  "/kiosk": { folder: "kiosk", for: "link" },
  "/consents": { folder: "consents", for: "person" },
};

/** Whether there is anything to serve. */
export function pagesAreMade(): boolean {
  return existsSync(built);
}

type Parts = Pick<Config, "mode" | "dataDir" | "identity" | "storage" | "vendors">;

/**
 * Serves the pages, which load, run and ask nothing that is not ours: the API they came from, and the object store that files go
 * to and come from. Mount it before other origins are given leave: nobody else's page may frame or read them.
 */
export function createPages(config: Parts): RequestHandler {
  const router = Router();
  const developers = config.mode !== "production";
  const { connections, settings } = signInSettings(config);
  const store = originOfStore(config.storage);
  const ofLinks = headersOf({ connections: [store], images: [store] });
  const ofPeople = headersOf({ connections: [store, ...connections], images: [store] });

  for (const [address, page] of Object.entries(pages)) {
    if (page.for === "developer" && !developers) continue;
    router.get(address, page.for === "link" ? ofLinks : ofPeople, (_request, response, next) => {
      const text = readPage(page.folder);
      if (text === undefined) return next();
      response.locals.path = address;
      // A page names the parts it was built with: an old one would ask for parts that are gone.
      response.setHeader("Cache-Control", "no-store");
      if (page.for === "link") response.setHeader("X-Robots-Tag", "noindex, nofollow");
      response.type("html").send(text);
    });
  }
  router.get("/settings.json", ofPeople, (_request, response) => {
    response.locals.path = "/settings.json";
    response.setHeader("Cache-Control", "no-store");
    response.json(settings());
  });
  // Named by what is in them: a new text has a new name.
  router.use(
    "/assets",
    ofLinks,
    express.static(path.join(built, "assets"), {
      etag: false,
      lastModified: false,
      immutable: true,
      maxAge: "1y",
      redirect: false,
    }),
  );
  return router;
}

function headersOf({ connections, images }: { connections: string[]; images: string[] }): RequestHandler {
  const headers = protectiveHeaders({
    content: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      connectSrc: ["'self'", ...connections],
      imgSrc: ["'self'", "blob:", ...images],
      formAction: ["'none'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
      requireTrustedTypesFor: ["'script'"],
    },
  });
  return (request, response, next) => {
    headers(request, response);
    next();
  };
}

/** Read anew each time: `npm start` makes the pages again when their sources change. */
function readPage(folder: string): string | undefined {
  try {
    return readFileSync(path.join(built, "pages", folder, "index.html"), "utf8");
  } catch {
    return undefined; // not built
  }
}
