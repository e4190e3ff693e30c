-- Names that were typed wrongly, as names that patients of the clinic have: muresn, popesku, mihaiela. FND-07.
-- The nearest come out of the index, in which every name stands once, so that it stays small in a large clinic.

create or replace function app_private.similar_terms(organization_id uuid, terms text[]) returns text[]
language sql stable strict
set search_path = ''
return array(
  select concat_ws(e'\n', term.lines, case when term.lines ~ '^[[:alpha:]]{3,}$' then (
    select string_agg(nearest.word, e'\n' order by nearest.word)
    from (
      select search_words.word
      from app_private.search_words
      where search_words.organization_id = similar_terms.organization_id
      order by search_words.word operator(extensions.<->) term.lines
      limit 5
    ) as nearest
    where extensions.similarity(nearest.word, term.lines) >= 0.3) end)
  from unnest(similar_terms.terms) with ordinality as term (lines, place)
  order by term.place
);

comment on function app_private.similar_terms is 'Terms with the names of the clinic that are most like them as alternatives.';
grant execute on function app_private.similar_terms to app_engine;
