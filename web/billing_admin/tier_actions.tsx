import { useState } from "preact/hooks";
import type { Client } from "../../client/index.ts";
import { Asked } from "../billing/asked.tsx";
import type { Tier } from "../billing/billing.ts";
import { versionsOf } from "../billing/tier.tsx";
import { useWritten } from "../billing/written.ts";
import { useTexts } from "../components/texts.ts";
import {
  DraftPlatformTierVersionDocument,
  EditPlatformTierVersionDocument,
  type PlatformTiersQuery,
  PublishPlatformTierVersionDocument,
  SetPlatformTierDocument,
} from "../documents/generated/operations.ts";
import type { Schema } from "../schema_form/schema.ts";
import { billingAdminTexts } from "../texts/billing_admin/index.ts";
import { inputOf, valuesOf, versionSchema } from "./tier_draft.ts";

type Act = "edit_tier" | "draft_version" | "edit_version" | "publish";
const tolds = {
  edit_tier: "told_tier",
  draft_version: "told_draft_version",
  edit_version: "told_edit_version",
  publish: "told_publish",
} as const;

/** What can be done about a tier: its name and offer, and its next version, which is a draft until it is published. */
export function TierActions({
  client,
  tier,
  meters,
  onChanged,
}: {
  client: Client;
  tier: Tier;
  meters: PlatformTiersQuery["meters"]["nodes"];
  onChanged(): Promise<unknown>;
}) {
  const say = useTexts(billingAdminTexts);
  const { language } = useWritten();
  const [act, setAct] = useState<Act | null>(null);
  const [told, setTold] = useState<Act | null>(null);
  const [latest] = versionsOf(tier);
  const draft = latest?.publishedAt === null ? latest : null;
  const begin = (next: Act) => {
    setTold(null);
    setAct(next);
  };
  const done = async (of: Act) => {
    await onChanged();
    setAct(null);
    setTold(of);
  };
  const stop = () => setAct(null);
  return (
    <>
      <p role="status">{told && say(tolds[told])}</p>
      {!act && (
        <p class="actions">
          {(draft
            ? (["edit_version", "publish", "edit_tier"] as const)
            : (["draft_version", "edit_tier"] as const)
          ).map((next) => (
            <button key={next} type="button" onClick={() => begin(next)}>
              {say(next)}
            </button>
          ))}
        </p>
      )}
      {act === "draft_version" && (
        <Asked
          name={say("draft_version")}
          schema={nothing}
          values={{}}
          go={say("draft_version")}
          onGo={async () => {
            await client.ask(DraftPlatformTierVersionDocument, { tier: tier.id });
            await done("draft_version");
          }}
          onCancel={stop}
        />
      )}
      {act === "edit_version" && draft && (
        <Asked
          name={say("edit_version")}
          schema={versionSchema(meters)}
          values={valuesOf(draft, meters, language)}
          go={say("version_go")}
          onGo={async (values) => {
            const input = inputOf(draft.id, values, meters, {
              noPrice: say("no_price"),
              noNumber: say("no_number"),
            });
            await client.ask(EditPlatformTierVersionDocument, { input });
            await done("edit_version");
          }}
          onCancel={stop}
        />
      )}
      {act === "publish" && draft && (
        <>
          <p class="notice">{say("publish_sure")}</p>
          <Asked
            name={say("publish")}
            schema={nothing}
            values={{}}
            go={say("publish_go", { number: draft.version })}
            onGo={async () => {
              await client.ask(PublishPlatformTierVersionDocument, { version: draft.id });
              await done("publish");
            }}
            onCancel={stop}
          />
        </>
      )}
      {act === "edit_tier" && (
        <TierForm client={client} tier={tier} onDone={() => done("edit_tier")} onCancel={stop} />
      )}
    </>
  );
}

const nothing: Schema = { type: "object", properties: {} };

const nameSchema = (isNew: boolean): Schema => ({
  type: "object",
  required: ["nameRo", "nameEn", "place", ...(isNew ? ["slug"] : [])],
  properties: {
    ...(isNew && {
      slug: {
        type: "string",
        title: "Key of the plan",
        "x-title-ro": "Cheia planului",
        description: "Small letters, digits and hyphens; it stays.",
        "x-description-ro": "Litere mici, cifre și cratime; rămâne.",
        maxLength: 63,
      },
    }),
    nameRo: { type: "string", title: "Name in Romanian", "x-title-ro": "Numele în română", maxLength: 100 },
    nameEn: { type: "string", title: "Name in English", "x-title-ro": "Numele în engleză", maxLength: 100 },
    place: { type: "integer", title: "Place among plans", "x-title-ro": "Locul între planuri" },
    ...(!isNew && {
      isOffered: {
        type: "boolean",
        title: "Clinics may subscribe to it",
        "x-title-ro": "Clinicile se pot abona la el",
      },
    }),
  },
});

/** The name of a tier, its place, and whether clinics may subscribe to it; a new one is offered once a version is published. */
export function TierForm({
  client,
  tier,
  onDone,
  onCancel,
}: {
  client: Client;
  tier: Tier | null;
  onDone(): Promise<unknown>;
  onCancel(): void;
}) {
  const say = useTexts(billingAdminTexts);
  const { ro = "", en = "" } = (tier?.names ?? {}) as { ro?: string; en?: string };
  return (
    <Asked
      name={say(tier ? "edit_tier" : "new_tier")}
      schema={nameSchema(!tier)}
      values={tier ? { nameRo: ro, nameEn: en, place: tier.place, isOffered: tier.isOffered } : {}}
      go={say("tier_go")}
      onGo={async (values) => {
        await client.ask(SetPlatformTierDocument, {
          input: {
            slug: tier?.slug ?? String(values.slug ?? ""),
            nameRo: String(values.nameRo ?? ""),
            nameEn: String(values.nameEn ?? ""),
            place: Number(values.place ?? 0),
            isOffered: values.isOffered === true,
          },
        });
        await onDone();
      }}
      onCancel={onCancel}
    />
  );
}
