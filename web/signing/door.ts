import { describeFile, sendFile } from "../../client/files.ts";
import { errorIn, Unreachable } from "../../client/refused.ts";
import type { Language } from "../components/language.ts";
import type { Answers, Content } from "../forms/content.ts";
import type { Found } from "../forms/found.ts";

/** What a link or a kiosk leads to, before anybody has shown who they are. */
export type Invitation = {
  kind: "link" | "kiosk";
  clinic: { name: string; slug: string };
  locale: string;
  identify: null | { by: "birth_date" | "code"; attemptsLeft: number };
  expiresAt: string;
};

export type SigningForm = {
  formId: string;
  title: string | null;
  snapshot: Content;
  answers: Answers;
  locale: string;
  signature: "typed" | "drawn";
  purposes: { code: string; version: number; title: string; body: string }[];
  textHash: string;
  intent: string | null;
};

export type Drawing = { png: string; path: string; width: number; height: number };
export type Signature = { typedName: string } | { drawing: Drawing };

export type Door = ReturnType<typeof openDoor>;

/**
 * The paths under /v1/signing, for whoever holds a token: it stands in a header and nowhere else, and so does the session that
 * showing who one is begins. Refusals are thrown as `Refused`, silence as `Unreachable`.
 */
export function openDoor(scheme: "Link" | "Kiosk", token: string) {
  let session: string | undefined;
  let language: Language = "ro";

  async function ask<T>(method: string, place = "", body?: unknown): Promise<T> {
    const { status, text } = await fetch(`/v1/signing${place}`, {
      method,
      headers: {
        authorization: `${scheme} ${token}`,
        "accept-language": language,
        ...(session ? { "x-signing-session": session } : {}),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
      .then(async (response) => ({ status: response.status, text: await response.text() }))
      .catch((cause: unknown) => {
        throw new Unreachable("The API could not be reached.", { cause });
      });
    if (status === 204) return null as T;
    const answer = parsed(text);
    const refused = errorIn(answer);
    if (refused) throw refused;
    if (status >= 300 || answer === undefined)
      throw new Unreachable(`What answered with ${status} is not the API.`);
    return answer as T;
  }

  return {
    speak(next: Language) {
      language = next;
    },
    /** Goes on as whoever showed who they are before. */
    resume(known: string | undefined) {
      session = known;
    },
    look: () => ask<Invitation>("GET"),
    async identify(shown: { birthDate: string } | { code: string }): Promise<string> {
      ({ session } = await ask<{ session: string }>("POST", "/identify", shown));
      return session as string;
    },
    form: () => ask<SigningForm>("GET", `/form?locale=${language}`),
    save: (answers: Answers) => ask<{ answers: Answers; problems: Found[] }>("PUT", "/answers", { answers }),
    async sendFile(file: File): Promise<string> {
      const { sha256 } = await describeFile(file);
      const { id, upload } = await ask<{
        id: string;
        upload: { url: string; headers: { name: string; value: string }[] };
      }>("POST", "/files", { filename: file.name, contentType: file.type, sizeBytes: file.size, sha256 });
      await sendFile(upload, file);
      await ask("POST", `/files/${encodeURIComponent(id)}/confirm`, {});
      return id;
    },
    sign: (given: { answers: Answers; textHash: string; locale: string } & Signature) =>
      ask<{ signedAt: string; proofHash: string }>("POST", "/sign", { ...given, agreed: true }),
    refuse: (reason: string) => ask<null>("POST", "/refuse", reason === "" ? {} : { reason }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
