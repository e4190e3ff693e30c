import path from "node:path";
import express, { type RequestHandler, Router } from "express";
import { protectiveHeaders } from "../../runtime/protective_headers.ts";
import type { Config } from "../config.ts";
import { contentOf } from "./content.ts";
import { originOfStore, originsOfVideos } from "./origin_of_store.ts";
import { built, readBuilt, readPage } from "./read_page.ts";
import { signInSettings } from "./sign_in.ts";

/**
 * The pages of `web/pages`, by address: behind a link (`link`), for people who sign in (`person`), and for whoever works
 * on this machine (`developer`), which production does not have.
 */
const pages: Record<string, { folder: string; for: "link" | "person" | "developer" }> = {
  "/": { folder: "start", for: "developer" },
  "/preview": { folder: "preview", for: "developer" },
  "/sign": { folder: "sign", for: "link" },
  "/kiosk": { folder: "kiosk", for: "link" },
  "/booking": { folder: "booking", for: "link" },
  "/consents": { folder: "consents", for: "person" },
  "/automations": { folder: "automations", for: "person" },
  "/segments": { folder: "segments", for: "person" },
  "/documents": { folder: "documents", for: "person" },
  "/session": { folder: "session", for: "person" },
  "/exercises": { folder: "exercises", for: "person" },
  "/treatment": { folder: "treatment", for: "person" },
  "/billing": { folder: "billing", for: "person" },
  "/billing-admin": { folder: "billing_admin", for: "person" },
  "/service-keys": { folder: "service_keys", for: "person" },
};

type Parts = Pick<Config, "mode" | "dataDir" | "identity" | "storage" | "telemetry" | "vendors">;

/**
 * Serves the pages, which load, run and ask nothing that is not ours: the API they came from, and the object store that files go
 * to and come from, and telemetry. Mount it before other origins are given leave: nobody else's page may frame or read them. The booking page, which
 * a clinic's own pages may frame, is server/pages/booking_page.ts.
 */
export function createPages(config: Parts): RequestHandler {
  const router = Router();
  const developers = config.mode !== "production";
  const { connections, settings } = signInSettings(config);
  const store = originOfStore(config.storage);
  const ofLinks = headersOf({ connections: [store], images: [store] });
  const telemetry = new URL(config.telemetry.url).origin;
  const ofPeople = headersOf({
    connections: [store, telemetry, ...connections],
    images: [store],
    media: [store, ...originsOfVideos(config.vendors)],
  });

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
  router.get("/embed.js", ofScript, (_request, response, next) => {
    const text = readBuilt("embed.js");
    if (text === undefined) return next();
    response.locals.path = "/embed.js";
    // It stands in pages of clinics for years: a new one arrives within minutes.
    response.setHeader("Cache-Control", "public, max-age=300");
    response.type("text/javascript").send(text);
  });
  router.use("/assets/threads", ofThreads, assetsIn("threads"));
  router.use("/assets", ofLinks, assetsIn());
  return router;
}

/** Named by what is in them: a new text has a new name. */
function assetsIn(...folder: string[]): RequestHandler {
  const once = { etag: false, lastModified: false, immutable: true, maxAge: "1y", redirect: false } as const;
  return express.static(path.join(built, "assets", ...folder), once);
}

function headersOf(allowed: Parameters<typeof contentOf>[0]): RequestHandler {
  const headers = protectiveHeaders({ content: contentOf(allowed) });
  return (request, response, next) => {
    headers(request, response);
    next();
  };
}

/**
 * Programs that pages run beside them, which have a policy of their own: they load only what is ours, and compile the program that finds
 * people in the pictures of a camera. Google's loader asks for it by a name that no policy of names knows.
 */
const ofThreads: RequestHandler = (request, response, next) => {
  const { requireTrustedTypesFor: _, ...content } = contentOf({});
  protectiveHeaders({ content: { ...content, scriptSrc: ["'self'", "'wasm-unsafe-eval'"] } })(
    request,
    response,
  );
  next();
};

/** The script that puts the booking page into a clinic's own page: other origins load it, and nothing else of ours. */
const ofScript: RequestHandler = (request, response, next) => {
  protectiveHeaders({ embeddable: true })(request, response);
  next();
};
