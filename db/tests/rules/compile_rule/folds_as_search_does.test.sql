-- Test: rule_text - what is folded sooner is folded alike. SEG-02.
begin;
select plan(2);
select is(app_private.rule_text(e'Țăranu Şerban'), 'taranu serban', 'letters of Romanian');
select is_empty($$
  select given from (
    select string_agg(substr('aZ9 șŞțŢăÂî''-.%ßÉ’' || chr(807) || chr(8203), 1 + (hashint4(word * 31 + place) & 2147483647) % 21, 1), '' order by place) as given
    from generate_series(1, 400) as word cross join generate_series(1, 6) as place group by word
  ) as made
  where app_private.rule_text(given) is distinct from app_hidden.search_text(given)$$, 'every text as search_text() folds it');
select * from finish();
rollback;
