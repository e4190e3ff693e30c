import { useContext, useRef, useState } from "preact/hooks";
import { type Failure, failureOf } from "../../components/failure.ts";
import { FailureNotice } from "../../components/notice.tsx";
import { Waiting } from "../../components/page.tsx";
import { LanguageContext, useTexts } from "../../components/texts.ts";
import { formTexts } from "../../texts/forms/index.ts";
import { type FileItem, textIn } from "../content.ts";
import { type FieldProps, idOf, useForm } from "../context.ts";
import { FieldSet } from "../frame.tsx";

/** Files are sent as they are chosen; the answer is their ids. */
export function FileField({ field, path, answer = [], onAnswer }: FieldProps<FileItem, string[]>) {
  const say = useTexts(formTexts);
  const language = useContext(LanguageContext);
  const { files } = useForm();
  if (!files) throw new Error("A form that asks for files says where they go.");
  const [sending, setSending] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  // While files are on their way the answer may change; what comes last is added to what stands then.
  const latest = useRef(answer);
  latest.current = answer;
  const most = field.max_files ?? 1;

  const send = async (chosen: File[]) => {
    setFailure(null);
    try {
      for (const file of chosen.slice(0, Math.max(0, most - latest.current.length))) {
        setSending(file.name);
        const id = await files.send(file);
        latest.current = [...latest.current, id];
        onAnswer(latest.current);
      }
    } catch (error) {
      setFailure(failureOf(error, say("file_offline")));
    } finally {
      setSending(null);
    }
  };
  const remove = (id: string) => {
    const left = answer.filter((one) => one !== id);
    onAnswer(left.length > 0 ? left : undefined);
  };

  return (
    <FieldSet field={field} path={path}>
      {answer.length > 0 && (
        <ul class="files">
          {answer.map((id, index) => {
            const name = files.nameOf(id) ?? say("file_number", { number: index + 1 });
            return (
              <li key={id}>
                <span>{name}</span>
                <button type="button" aria-label={say("remove_file", { name })} onClick={() => remove(id)}>
                  {say("remove")}
                </button>
              </li>
            );
          })}
        </ul>
      )}
      {sending === null ? (
        answer.length < most && (
          <input
            type="file"
            id={`${idOf(path)}-input`}
            aria-label={`${say("add_file")}: ${textIn(field.label, language)}`}
            multiple={most - answer.length > 1}
            accept="application/pdf,image/png,image/jpeg,image/webp"
            onChange={({ currentTarget }) => {
              const chosen = [...(currentTarget.files ?? [])];
              currentTarget.value = "";
              void send(chosen);
            }}
          />
        )
      ) : (
        <Waiting>{say("sending_file", { name: sending })}</Waiting>
      )}
      <FailureNotice failure={failure} />
    </FieldSet>
  );
}
