-- Test: lint - whatever a page builds a form of says what people read, in both languages. AUT-01, FND-29.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('form_schemas')$$,
  'every schema says its titles, labels and order');

create temporary table before as select object from tests.lint('form_schemas');
insert into app_private.automation_actions (code, label_ro, label_en, description_ro, description_en, act_function, config_schema)
values ('toy', 'Jucărie', 'Toy', 'Dă o jucărie.', 'Gives a toy.', 'act_block_booking', '{"type": "object", "properties": {
  "untitled": {"type": "string", "title": "Toy"},
  "described": {"title": "Toy", "x-title-ro": "Jucărie", "description": "A toy."},
  "offered": {"title": "Toy", "x-title-ro": "Jucărie", "enum": ["bear", "ball"], "x-labels": {"bear": {"en": "Bear", "ro": "Urs"}, "ball": {"en": "Ball"}}},
  "labelled": {"title": "Toy", "x-title-ro": "Jucărie", "enum": ["bear"], "x-labels": {"bear": {"en": "Bear", "ro": "Urs"}, "ball": {"en": "Ball", "ro": "Minge"}}},
  "dependent": {"title": "Toy", "x-title-ro": "Jucărie", "x-when": {"colour": ["red"]}},
  "misspelt": {"title": "Toy", "x-title-ro": "Jucărie", "x-titel": "Toy"},
  "several": {"type": "array", "title": "Toys", "x-title-ro": "Jucării", "items": {"enum": ["bear"]}},
  "right": {"type": "string", "title": "Toy", "x-title-ro": "Jucărie", "x-when": {"offered": ["bear"]}}}}');
select set_eq(
  $$select object from tests.lint('form_schemas') except select object from before$$,
  array['action toy', 'action toy.untitled', 'action toy.described', 'action toy.offered', 'action toy.labelled', 'action toy.dependent',
        'action toy.misspelt', 'action toy.several[]'],
  'one that does not is named');
select * from finish();
rollback;
