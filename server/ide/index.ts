import path from "node:path";
import express, { type RequestHandler, Router } from "express";
import { isThisMachine } from "../../providers/outbound/index.ts";
import type { Config } from "../config.ts";
import { guestOf, openDevIssuer } from "../identity/dev_issuer.ts";
import { mailboxOf } from "../pages/sign_in.ts";
import { personasIn } from "./people.ts";
import { readStory } from "./story.ts";

/** What the page of the IDE is made of: Ruru, with a head of ours that opens the story and signs people in. */
export const idePage: GraphileConfig.Preset["ruru"] = {
  htmlParts: {
    titleTag: "<title>RestartiX · GraphQL</title>",
    metaTags: (original) =>
      `${original}\n<meta name="viewport" content="width=device-width, initial-scale=1">`,
    styleTags: (original) => `${original}\n<link rel="stylesheet" href="/ide/greeting.css">`,
    bodyContent: (original) => `<header id="greeting">
<h1>RestartiX</h1>
<label>Signed in as <select id="who" disabled><option value="">a visitor</option></select></label>
<a id="mailbox" href="#" hidden>Mailbox</a>
<span id="said" role="status"></span>
</header>
${original}`,
    // What Ruru is told, for a script that is no part of the page.
    configScript: (original) => `${original}\n<script>globalThis.RESTARTIX_RURU = RURU_CONFIG;</script>`,
    bodyInitScript: '<script type="module" src="/ide/greeting.js"></script>',
  },
};

type Parts = Pick<Config, "mode" | "dataDir" | "identity" | "trustProxy" | "vendors">;

/**
 * What the page of the IDE asks for, outside production only: its files, the story of the README, and tokens of the
 * development issuer. Answers carry no leave for other origins, so mount it before that is given.
 */
export function createIde(config: Parts): RequestHandler {
  const router = Router();
  const story = readStory();
  const guests = [...new Set(story.flatMap(({ as }) => (as?.includes("@") ? [as] : [])))];
  const mailbox = mailboxOf(config.vendors);

  router.get("/story.json", (_request, response) => {
    const signsIn = config.identity.source === "dev_issuer";
    const personas = signsIn ? [...personasIn(config.dataDir)] : [];
    response.setHeader("Cache-Control", "no-store");
    response.json({
      steps: story,
      people: [
        ...personas.map(([who, { name }]) => ({ who, name: `${who}: ${name}` })),
        ...(personas.length > 0 ? guests.map((who) => ({ who, name: `guest: ${who}` })) : []),
      ],
      mailbox,
    });
  });
  if (config.identity.source === "dev_issuer")
    router.get("/token/:who", thisMachineOnly(config), token(config, guests));
  router.use(
    express.static(path.join(import.meta.dirname, "page"), {
      etag: false,
      lastModified: false,
      redirect: false,
    }),
  );
  return router;
}

/** A fresh session token of a persona, or of a guest of the story. */
function token(config: Parts, guests: string[]): RequestHandler<{ who: string }> {
  return (request, response, next) => {
    const { who } = request.params;
    const personas = personasIn(config.dataDir);
    const person =
      personas.get(who) ?? (personas.size > 0 && guests.includes(who) ? guestOf(who) : undefined);
    if (!person) return next();
    response.setHeader("Cache-Control", "no-store");
    response.json({ token: openDevIssuer(config).mint(person) });
  };
}

/**
 * The tokens lie in files that the owner of the data folder reads, and go to pages of this machine: the connection comes
 * from here, past no proxy, and the page was opened under a name of this machine, which a page elsewhere cannot claim.
 */
function thisMachineOnly({ trustProxy }: Parts): RequestHandler<{ who: string }> {
  return ({ socket, headers, hostname }, _response, next) => {
    const forwarded = trustProxy > 0 || headers.forwarded || headers["x-forwarded-for"];
    const here = isThisMachine(socket.remoteAddress ?? "") && isThisMachine(hostname);
    return here && !forwarded ? next() : next("route");
  };
}
