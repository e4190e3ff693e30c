-- Test: privacy_notice_sections - the product's notice is a draft, has what the law asks for, and is whole in both languages. FND-19.
begin;
select plan(11);
select is((select array_agg((version, readiness, confirmed_by)::text) from app_public.privacy_notice_templates), '{"(1,draft,)"}', 'counsel has not confirmed it');
select is((select array_agg(key order by key) from app_public.privacy_notice_sections where is_optional),
  '{analytics,biometric_capture,cross_border_transfer,marketing,telerehab,video,video_recording}', 'what a clinic switches on');
select ok((select array_agg(key) from app_public.privacy_notice_sections where not is_optional) @> '{controller,categories,purposes,recipients,storage,rights,complaint,automated_decisions,source}', 'what every notice says');
select is((select array_agg(position order by position) from app_public.privacy_notice_sections), (select array_agg(n) from generate_series(1, (select count(*)::int from app_public.privacy_notice_sections)) n), 'in an order without a gap');
create temporary table texts as
select key, unnest(array[title_ro, body_ro]) as ro, unnest(array[title_en, body_en]) as en from app_public.privacy_notice_sections;
select is_empty($$select key, ro, en from texts where not (ro ~ '[[:alpha:]]' and en ~ '[[:alpha:]]')$$, 'every text is there in both languages');
select is_empty($$select key, ro from texts where ro = en$$, 'and none stands for the other');
select is_empty($$select key, ro from texts where ro || en ~ '[şţŞŢ]'$$, 'Romanian has its letters with a comma');
select is_empty($$select key, en from texts where en ~ '[ăâîșțĂÂÎȘȚ]'$$, 'English has none of them');
select is_empty($$select key, body_ro from app_public.privacy_notice_sections where body_ro !~ '[șț]'$$, 'no section is written without them');
select is_empty($$select key, named.name from texts, regexp_matches(ro || en, '\{\{(\w+)\}\}', 'g') as found (names), unnest(found.names) as named (name)
  where named.name <> all ('{clinicName,clinicAddress,clinicEmail,clinicPhone}')$$, 'and names nothing of the clinic that is not filled in');
select is_empty($$select key, array(select m[1] from regexp_matches(ro, '\{\{(\w+)\}\}', 'g') m order by 1), array(select m[1] from regexp_matches(en, '\{\{(\w+)\}\}', 'g') m order by 1) from texts
  where array(select m[1] from regexp_matches(ro, '\{\{(\w+)\}\}', 'g') m order by 1) <> array(select m[1] from regexp_matches(en, '\{\{(\w+)\}\}', 'g') m order by 1)$$, 'in one language as in the other');
select * from finish();
rollback;
