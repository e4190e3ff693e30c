import { useEffect, useId, useState } from "preact/hooks";
import { describeFile, sendFile } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { Waiting } from "../components/page.tsx";
import { useTexts } from "../components/texts.ts";
import {
  BringPictureDocument,
  ConfirmPictureDocument,
  PicturesOfClinicDocument,
} from "../documents/generated/operations.ts";
import { ChoiceField } from "../schema_form/choice.tsx";
import type { FieldOfSchema } from "../schema_form/context.ts";
import { templateTexts } from "../texts/templates/index.ts";
import { useEditor } from "./context.ts";

/** One of the clinic's pictures, or another one that is brought here and now. */
export function ImageField(field: FieldOfSchema) {
  const say = useTexts(templateTexts);
  const { client, clinic } = useEditor();
  const id = useId();
  const [pictures, setPictures] = useState<readonly { id: string; filename: string }[]>([]);
  const [sending, setSending] = useState("");
  const [failure, setFailure] = useState<Failure | null>(null);
  const load = async () => {
    const { organization } = await client.ask(PicturesOfClinicDocument, { clinic });
    setPictures(organization?.files.nodes ?? []);
  };
  const attempt = (done: () => Promise<void>) =>
    done().catch((error: unknown) => setFailure(failureOf(error, say("offline"))));
  useEffect(() => void attempt(load), [client, clinic]);

  const bring = async (file: File) => {
    setFailure(null);
    setSending(file.name);
    await attempt(async () => {
      const { requestUpload } = await client.ask(BringPictureDocument, {
        clinic,
        filename: file.name,
        contentType: file.type,
        ...(await describeFile(file)),
      });
      const { id: brought, upload } = requestUpload.file;
      if (upload) await sendFile(upload, file);
      await client.ask(ConfirmPictureDocument, { file: brought });
      await load();
      field.onChange(brought);
    });
    setSending("");
  };

  return (
    <>
      <ChoiceField
        {...field}
        offered={pictures.map(({ id, filename }) => ({ value: id, label: filename }))}
      />
      {sending ? (
        <Waiting>{say("bringing", { name: sending })}</Waiting>
      ) : (
        <p class="field">
          <label for={id}>{say("bring_picture")}</label>
          <input
            id={id}
            type="file"
            accept="image/png,image/jpeg"
            onChange={({ currentTarget }) => {
              const [file] = currentTarget.files ?? [];
              currentTarget.value = "";
              if (file) void bring(file);
            }}
          />
        </p>
      )}
      <FailureNotice failure={failure} />
    </>
  );
}
