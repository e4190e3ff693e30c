import { useContext } from "preact/hooks";
import { LanguageContext, useTexts } from "../../components/texts.ts";
import { sessionTexts } from "../../texts/session/index.ts";
import { type AskedForm, placeOfForm } from "./door.ts";

/** Forms that are asked after sessions, each with the way to where it is filled in. */
export function AskedForms({ forms }: { forms: readonly AskedForm[] }) {
  const language = useContext(LanguageContext);
  const say = useTexts(sessionTexts);
  if (forms.length === 0) return null;
  return (
    <section class="notice" aria-labelledby="forms-asked">
      <h2 id="forms-asked">{say("forms_asked")}</h2>
      <ul class="plain">
        {forms.map(({ id, title, about }) => (
          <li key={id}>
            <a class="button" href={placeOfForm(id)}>
              {title[language]}
            </a>
            {about && <span class="soft"> {about[language]}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
