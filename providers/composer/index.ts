import { z } from "zod";
import { readVariable } from "../../runtime/environment/variable.ts";
import { type OutboundAnswer, request } from "../outbound/index.ts";
import { composerPort, composerSecret } from "./account.ts";

/** What is asked of the composer; the same object is the same video. */
export type RenderOrder = {
  exercise: string;
  kind: string;
  recipe: unknown;
  language: string;
  assetVersion: number;
  bundle: string | null;
  source: string | null;
  objectKey: string;
};

const rendered = z.object({
  provider: z.enum(["bunny", "local"]),
  videoId: z.string().min(1),
  objectKey: z.string().nullable(),
  collectionId: z.string().nullable(),
  durationS: z.number().int().min(1),
  sha256: z.string(),
});
export type RenderedVideo = z.output<typeof rendered>;

/** Makes videos of exercises. Rejects with ComposerRefused where no try will make it, else with ComposerDelayed. */
export type Composer = { render(order: RenderOrder): Promise<RenderedVideo> };

export class ComposerRefused extends Error {
  override name = "ComposerRefused";
}

export class ComposerDelayed extends Error {
  override name = "ComposerDelayed";
}

/** A render may wait for others and takes minutes itself. */
const PATIENCE_MS = 20 * 60_000;

/** Where videos are made (EXL-03): COMPOSER_URL, or outside production the composer of this machine. Null: nowhere. */
export function composerFrom(env: NodeJS.ProcessEnv, timeoutMs = PATIENCE_MS): Composer | null {
  if (!env.COMPOSER_URL && env.APP_MODE === "production") return null;
  // The secret goes there: in production never over the network in the clear.
  const protocol = env.APP_MODE === "production" ? /^https:|^http:\/\/(localhost|127\.)/ : /^https?:/;
  const schema = z.url({ protocol: /^https?$/ }).regex(protocol);
  const own = `http://127.0.0.1:${composerPort(env)}`;
  const url = readVariable(
    env,
    "COMPOSER_URL",
    { schema, expects: "an https URL, or one of this machine" },
    own,
  );
  const secret = composerSecret(env);

  return {
    async render(order) {
      let answer: OutboundAnswer;
      try {
        answer = await request(`${url.replace(/\/+$/, "")}/v1/renders`, {
          reach: "anywhere", // the operator's choice
          method: "POST",
          headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
          body: JSON.stringify(order),
          timeoutMs,
          longest: 64 * 1024,
        });
      } catch {
        throw new ComposerDelayed("the composer does not answer");
      }
      const json = jsonOf(answer.body);
      if (answer.status === 200) {
        const { data } = rendered.safeParse(json);
        if (data) return data;
        throw new ComposerDelayed("the composer answered something else");
      }
      const { data } = z.object({ problem: z.string().max(400) }).safeParse(json);
      const problem = data?.problem ?? `HTTP ${answer.status}`;
      if (answer.status === 400 || answer.status === 422) throw new ComposerRefused(problem);
      throw new ComposerDelayed(problem);
    },
  };
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
