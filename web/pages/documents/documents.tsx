import { useCallback, useEffect, useId, useState } from "preact/hooks";
import type { UUID } from "../../../client/index.ts";
import { clinicToWorkAt } from "../../components/clinic_to_work_at.ts";
import { type Failure, failureOf } from "../../components/failure.ts";
import { FailureNotice } from "../../components/notice.tsx";
import { StepHeading, Waiting } from "../../components/page.tsx";
import type { SignedInPageProps } from "../../components/signed_in_page.tsx";
import { useTexts } from "../../components/texts.ts";
import { DocumentBuilderDocument } from "../../documents/generated/operations.ts";
import type { Contract } from "../../templates/contract.ts";
import { componentKinds, isComponentKind, type Kind, templateKinds } from "../../templates/drafted.ts";
import type { Opened } from "../../templates/saving.ts";
import { TemplateEditor } from "../../templates/template_editor.tsx";
import { templateTexts } from "../../texts/templates/index.ts";
import { List } from "./list.tsx";
import { type Listed, listedOf } from "./listed.ts";

type Known = { clinic: { id: UUID; name: string } | null; listed: Listed[] };

/** The templates and shared parts of the clinic where somebody works, and one of them as it is written. */
export function Documents({ client, onName, onSignOut }: SignedInPageProps) {
  const say = useTexts(templateTexts);
  const id = useId();
  const [known, setKnown] = useState<Known | null>(null);
  const [opened, setOpened] = useState<{ what: Opened; contract: Contract } | null>(null);
  const [kind, setKind] = useState<Kind>("report");
  const [failure, setFailure] = useState<Failure | null>(null);

  const attempt = async (done: () => Promise<void>) => {
    setFailure(null);
    try {
      await done();
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  };
  const load = useCallback(
    () =>
      attempt(async () => {
        const clinic = await clinicToWorkAt(client, "document_templates.manage");
        if (!clinic) return setKnown({ clinic, listed: [] });
        onName(clinic.name);
        setKnown({ clinic, listed: await listedOf(client, clinic.id) });
      }),
    [client, say],
  );
  useEffect(() => void load(), [client]);

  const clinic = known?.clinic;
  const open = (what: Opened) =>
    attempt(async () => {
      if (!clinic) return;
      const { documentBuilder } = await client.ask(DocumentBuilderDocument, {
        clinic: clinic.id,
        kind: what.drafted.kind,
      });
      setOpened({ what, contract: documentBuilder as Contract });
    });

  if (clinic && opened)
    return (
      <TemplateEditor
        client={client}
        clinic={clinic.id}
        contract={opened.contract}
        opened={opened.what}
        onSaved={async (saved) => {
          const listed = await listedOf(client, clinic.id);
          setKnown({ clinic, listed });
          const what = listed.find((one) => one.id === saved);
          if (what) setOpened({ ...opened, what });
        }}
        onBack={() => {
          setOpened(null);
          void load();
        }}
      />
    );
  return (
    <>
      <StepHeading>{say("title")}</StepHeading>
      <p>{say("intro")}</p>
      <FailureNotice failure={failure}>
        <button type="button" onClick={() => void load()}>
          {say("again")}
        </button>
      </FailureNotice>
      {!known && !failure && <Waiting>{say("loading")}</Waiting>}
      {known && !clinic && <p>{say("no_clinic")}</p>}
      {clinic && (
        <>
          <h2>{say("new")}</h2>
          <p class="actions">
            <label for={id}>{say("new_kind")}</label>
            <select
              id={id}
              class="short"
              value={kind}
              onChange={({ currentTarget }) => setKind(currentTarget.value as Kind)}
            >
              {[...templateKinds, ...componentKinds].map((one) => (
                <option key={one} value={one}>
                  {say(`kind_${one}`)}
                </option>
              ))}
            </select>
            <button
              type="button"
              class="main"
              onClick={() =>
                void open({ id: null, revision: 1, isPublished: false, drafted: nothingOf(kind) })
              }
            >
              {say("begin")}
            </button>
          </p>
          <h2>{say("templates")}</h2>
          <List listed={known.listed.filter(({ drafted }) => !drafted.isComponent)} onOpen={open} />
          <h2>{say("components")}</h2>
          <p class="soft">{say("components_help")}</p>
          <List listed={known.listed.filter(({ drafted }) => drafted.isComponent)} onOpen={open} />
        </>
      )}
      <p>
        <button type="button" onClick={onSignOut}>
          {say("sign_out")}
        </button>
      </p>
    </>
  );
}

function nothingOf(kind: Kind): Opened["drafted"] {
  return {
    kind,
    isComponent: isComponentKind(kind),
    title: "",
    locale: "ro",
    state: { blocks: [] },
    layout: {},
  };
}
