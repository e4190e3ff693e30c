import { useCallback, useEffect, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { useWritten } from "../billing/written.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { lazily } from "../components/lazily.tsx";
import { FailureNotice } from "../components/notice.tsx";
import { Waiting } from "../components/page.tsx";
import { useTexts } from "../components/texts.ts";
import {
  CreateServiceAccountKeyDocument,
  RevokeServiceAccountKeyDocument,
  ServiceKeysDocument,
  type ServiceKeysQuery,
} from "../documents/generated/operations.ts";
import type { Schema } from "../schema_form/schema.ts";
import { serviceKeyTexts } from "../texts/service_keys/index.ts";
import { ShownOnce } from "./shown_once.tsx";

const Asked = lazily(async () => (await import("../billing/asked.tsx")).Asked);

type Key = ServiceKeysQuery["serviceAccountKeys"]["nodes"][number];
type Act = { of: "create" } | { of: "revoke"; key: Key } | { of: "show"; name: string; token: string } | null;

const nameSchema: Schema = {
  type: "object",
  required: ["name"],
  properties: {
    name: {
      type: "string",
      title: "What the program is called",
      "x-title-ro": "Cum se numește programul",
      maxLength: 100,
    },
  },
};

/** Keys of a clinic's programs, or of the platform's: which there are, a new one, which is shown once, and the end of one. FND-24, BIL-09. */
export function Keys({ client, clinic }: { client: Client; clinic: UUID | null }) {
  const say = useTexts(serviceKeyTexts);
  const [keys, setKeys] = useState<readonly Key[] | null>(null);
  const [act, setAct] = useState<Act>(null);
  const [isRevoked, setRevoked] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const load = useCallback(async () => {
    setFailure(null);
    try {
      const filter = { organizationId: clinic ? { equalTo: clinic } : { isNull: true } };
      setKeys((await client.ask(ServiceKeysDocument, { filter })).serviceAccountKeys.nodes);
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  }, [client, clinic, say]);
  useEffect(() => void load(), [client, clinic]);
  const begin = (next: Act) => {
    setRevoked(false);
    setAct(next);
  };

  return (
    <section aria-labelledby="keys">
      <h2 id="keys">{say("keys")}</h2>
      <p>{say("words")}</p>
      <FailureNotice failure={failure}>
        <button type="button" onClick={() => void load()}>
          {say("again")}
        </button>
      </FailureNotice>
      {!keys && !failure && <Waiting>{say("loading")}</Waiting>}
      <p role="status">{isRevoked && say("told_revoke")}</p>
      {act?.of === "show" && <ShownOnce name={act.name} token={act.token} onDone={() => setAct(null)} />}
      {act?.of === "create" && (
        <Asked
          name={say("create")}
          schema={nameSchema}
          values={{}}
          go={say("create_go")}
          onGo={async ({ name }) => {
            const { createServiceAccountKey } = await client.ask(CreateServiceAccountKeyDocument, {
              clinic,
              scope: clinic ? "PATIENT_SUBSCRIPTIONS" : "AI_CALLS",
              name: String(name ?? ""),
            });
            const { token } = createServiceAccountKey.serviceAccountKeyToken;
            setAct({ of: "show", name: String(name), token });
            await load();
          }}
          onCancel={() => setAct(null)}
        />
      )}
      {act?.of === "revoke" && (
        <>
          <p class="notice">{say("revoke_sure", { name: act.key.name })}</p>
          <Asked
            name={say("revoke", { name: act.key.name })}
            schema={{ type: "object", properties: {} }}
            values={{}}
            go={say("revoke_go")}
            isDanger
            onGo={async () => {
              await client.ask(RevokeServiceAccountKeyDocument, { key: act.key.id });
              await load();
              setAct(null);
              setRevoked(true);
            }}
            onCancel={() => setAct(null)}
          />
        </>
      )}
      {keys && !act && (
        <>
          <p class="actions">
            <button type="button" class="main" onClick={() => begin({ of: "create" })}>
              {say("create")}
            </button>
          </p>
          {keys.length === 0 && <p>{say("no_keys")}</p>}
          <ul class="plain">
            {keys.map((key) => (
              <li key={key.id}>
                <KeyFacts of={key} />
                {!key.revokedAt && (
                  <p class="actions">
                    <button type="button" class="danger" onClick={() => begin({ of: "revoke", key })}>
                      {say("revoke", { name: key.name })}
                    </button>
                  </p>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function KeyFacts({ of: { name, scope, lastFour, lastUsedOn, createdAt, revokedAt } }: { of: Key }) {
  const say = useTexts(serviceKeyTexts);
  const written = useWritten();
  return (
    <>
      <h3>{name}</h3>
      <p class="soft">
        {[
          say(`scope_${scope}`),
          say("ends_in", { digits: lastFour }),
          say("made_on", { day: written.dayOf(createdAt) }),
          lastUsedOn ? say("last_used", { day: written.day(lastUsedOn) }) : say("never_used"),
          revokedAt && say("revoked_on", { day: written.dayOf(revokedAt) }),
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
    </>
  );
}
