-- The text that somebody signs, whole and in their language: title, introduction, what is asked, what is consented to, and
-- the sentence by which they say that they mean it. Its hash is what the page sends back, so that nobody signs a text that
-- they were not shown. CNS-07.

create or replace function app_private.shown_text(form app_public.forms, locale text) returns text
language sql stable
set search_path = ''
begin atomic
  select concat_ws(E'\n',
    app_private.words_in(form.snapshot -> 'title', shown_text.locale),
    app_private.words_in(form.snapshot -> 'intro', shown_text.locale),
    app_private.shown_items(form.snapshot -> 'items', shown_text.locale),
    (select string_agg(concat_ws(E'\n', purpose.title, purpose.body), E'\n' order by purpose.code)
     from app_private.purposes_of_form(form, shown_text.locale) as purpose),
    app_private.words_in(form.snapshot -> 'intent', shown_text.locale));
end;

comment on function app_private.shown_text is 'What a form says to whoever signs it in this language, as plain text.';
grant execute on function app_private.shown_text to app_engine;
