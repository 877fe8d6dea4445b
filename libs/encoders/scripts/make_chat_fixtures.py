"""Makes src/__fixtures__/chats.json: chat templates, conversations, and what `apply_chat_template` of transformers renders.

    pip install transformers jinja2
    python scripts/make_chat_fixtures.py
"""

import itertools
import json
import pathlib

import transformers
from transformers.utils.chat_template_utils import _normalize_chat_messages, render_jinja_template

OUT = pathlib.Path(__file__).parent.parent / "src" / "__fixtures__" / "chats.json"
TOKENS = {"bos_token": "<s>", "eos_token": "</s>"}

TEMPLATES = {
    "turns": """{% for message in messages %}
{{ '<|turn|>' + message['role'] + '\\n' + message['content'] | trim + eos_token + '\\n' }}
{% endfor %}
{% if add_generation_prompt %}
{{ '<|turn|>assistant\\n' }}
{% endif %}
""",
    "masked": """{{- bos_token }}
{%- for message in messages %}
    {%- if message.role == 'assistant' %}
        {{- '<|a|>' }}{% generation %}{{ message.content }}{{ eos_token }}{% endgeneration %}
    {%- else %}
        {{- '<|' ~ message.role ~ '|>' ~ message.content }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{ '<|a|>' }}{% endif %}""",
    "masked-lines": """{% for message in messages %}
<{{ message.role }}>
  {% if message.role == 'assistant' %}
    {% generation %}
    {{ message.content }}

    {% endgeneration %}
  {% else %}
{{ message.content }}
  {% endif %}
{% endfor %}
done""",
    "tools": """{%- set ns = namespace(is_first=true, count=0, names='') %}
{%- if tools is not none and tools %}
    {{- '<tools>\\n' }}
    {%- for tool in tools %}
        {{- tool | tojson }}{{ '\\n' }}
        {%- set ns.names = ns.names + tool.function.name + ', ' if not loop.last else ns.names + tool.function.name %}
    {%- endfor %}
    {{- '</tools> ' + ns.names + '\\n' }}
    {{- tools | tojson(indent=2) }}
{%- endif %}
{%- for message in messages %}
    {%- if message.role == 'system' and not loop.first %}
        {{- raise_exception('A system message must come first.') }}
    {%- endif %}
    {%- set content = message.content if message.content is string else '' %}
    {%- if message.content is defined and message.content is not string and message.content is iterable %}
        {%- for part in message.content if part.type == 'text' %}
            {%- set content = content %}
            {{- part.text }}
        {%- endfor %}
    {%- endif %}
    {{- '[' ~ loop.index0 ~ '/' ~ loop.length ~ ' ' ~ message['role'] | upper ~ '] ' ~ content }}
    {%- if message.tool_calls is defined and message.tool_calls %}
        {%- for call in message.tool_calls %}
            {%- set call = call.function if call.function is defined else call %}
            {{- '\\n<call>' + call.name + ' ' }}
            {%- if call.arguments is mapping %}
                {%- for key, value in call.arguments.items() %}
                    {{- key + '=' + (value if value is string else value | tojson) + (';' if not loop.last else '') }}
                {%- endfor %}
                {{- ' ' + call.arguments | tojson }}
            {%- else %}
                {{- call.arguments }}
            {%- endif %}
            {{- '</call>' }}
            {%- set ns.count = ns.count + 1 %}
        {%- endfor %}
    {%- endif %}
    {%- set ns.is_first = false %}
{{ '\\n' }}
{%- endfor %}
{{- ns.count | string + (' none' if ns.is_first else '') }}""",
    "thinking": """{%- set last = namespace(index=messages | length - 1, searching=true) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages | length - 1) - loop.index0 %}
    {%- if last.searching and message.role == 'user' and not (message.content.startswith('<tool>') and message.content.endswith('</tool>')) %}
        {%- set last.searching = false %}
        {%- set last.index = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.role == 'assistant' %}
        {%- set content = message.content or '' %}
        {%- set reasoning = '' %}
        {%- if message.reasoning_content is string %}
            {%- set reasoning = message.reasoning_content %}
        {%- elif '</think>' in content %}
            {%- set reasoning = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
            {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
        {%- endif %}
        {%- if loop.index0 > last.index and reasoning %}
            {{- '<think>\\n' + reasoning.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n') }}
        {%- else %}
            {{- content }}
        {%- endif %}
    {%- else %}
        {{- '<' + message.role + '>' + message.content | string + '</' + message.role + '>' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<assistant>' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- endif %}
{%- endif %}""",
    "strict": """{%- if messages[0]['role'] == 'system' -%}
    {%- set system_message = messages[0]['content'] | trim + '\\n\\n' -%}
    {%- set loop_messages = messages[1:] -%}
{%- else -%}
    {%- set system_message = '' -%}
    {%- set loop_messages = messages -%}
{%- endif -%}
{%- for message in loop_messages -%}
    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}
        {{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}
    {%- endif -%}
    {%- if loop.index0 == 0 -%}
        {%- set content = system_message + message['content'] -%}
    {%- else -%}
        {%- set content = message['content'] -%}
    {%- endif -%}
    {%- if message['role'] == 'user' -%}
        {{ bos_token + '[INST] ' + content | trim + ' [/INST]' }}
    {%- elif message['role'] == 'assistant' -%}
        {{ ' ' + content | trim + ' ' + eos_token }}
    {%- endif -%}
{%- endfor -%}""",
    "macros": """{%- macro line(role, text='', mark='*') %}{{ mark }}{{ role | capitalize }}: {{ text }}
{% endmacro -%}
{%- macro kind(value) -%}
    {%- if value is mapping -%}object{%- elif value is string -%}string{%- elif value is number -%}number
    {%- elif value is boolean -%}boolean{%- elif value is none -%}null{%- else -%}list{%- endif -%}
{%- endmacro -%}
{{ line('system', 'of ' ~ (messages | map(attribute='role') | list | unique | join('+')), mark='#') }}
{%- for message in messages | rejectattr('role', 'equalto', 'system') %}
    {%- if loop.index > 4 %}{% break %}{% endif %}
    {%- if message.role == 'tool' %}{% continue %}{% endif %}
    {{- line(message.role, message.content | default('-', true) | string | replace('\\n', ' / ')) }}
    {{- '(' ~ kind(message.content) ~ ' ' ~ (message.content | length if message.content is string else 0) ~ ')' }}
{%- endfor %}
{{ (messages | rejectattr('role', 'equalto', 'user') | list | length) ~ ' ' ~ 7 // 2 ~ ' ' ~ 7 % 4 ~ ' end' }}
{%- for a, b in {'one': 1, 'two': [1, 2.5, none, true]}.items() %} {{ a }}:{{ b }}{% endfor %}
{{- ' ' ~ {'k': "v'q", 'n': none} | tojson ~ ' é<&>' | upper ~ ' ' ~ ['b', 'a'] | sort | join(',') }}
{%- if date_string is defined %}{{ ' ' + date_string }}{% endif %}
{%- if messages[-1].content is defined and 'x' in messages[-1].content and not false %} has x{% endif %}
{#- a comment #}
{%- filter upper %} shout {{ messages[0].role }}{% endfilter %}
{%- macro wrap(n) %}<{{ n }}{{ caller() }}>{% endmacro %}
{%- call wrap(1) %}inner{% endcall %}
{{- [1, 2, 3][-1] ~ 'abc'[1:] ~ 'a,b'.split(',')[1] ~ ' t '.strip() ~ 'title case'.title() }}""",
}

TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Wetter für \"Orte\" <b>",
        "parameters": {"type": "object", "properties": {"place": {"type": "string", "enum": ["Köln", "Rom"]}}, "required": ["place"]},
    },
}
CALL = {"type": "function", "id": "c1", "function": {"name": "weather", "arguments": {"place": "Köln", "days": 3, "deep": {"a": [1, None, True]}}}}

CHATS = {
    "plain": {"messages": [{"role": "user", "content": "  Hello\n"}]},
    "turns": {
        "messages": [
            {"role": "system", "content": "Be brief. "},
            {"role": "user", "content": "Hi x"},
            {"role": "assistant", "content": "Hello 👋 there"},
            {"role": "user", "content": "Bye\nnow x"},
        ]
    },
    "answered": {
        "messages": [
            {"role": "user", "content": "2 + 2?"},
            {"role": "assistant", "content": "<think>\nfour\n</think>\n\nIt is 4."},
            {"role": "user", "content": "sure?"},
            {"role": "assistant", "content": "\nYes.", "reasoning_content": "\nchecked\n"},
        ]
    },
    "old-reasoning": {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "reasoning": "because"}]},
    "called": {
        "messages": [
            {"role": "user", "content": "Weather?"},
            {"role": "assistant", "content": None, "tool_calls": [CALL, {**CALL, "id": "c2"}]},
            {"role": "tool", "content": "{\"t\": 7}", "tool_call_id": "c1"},
            {"role": "assistant", "content": "7 degrees"},
        ],
        "tools": [TOOL, TOOL],
    },
    "parts": {"messages": [{"role": "user", "content": [{"type": "text", "text": "one"}, {"type": "image"}, {"type": "text", "text": " two"}]}]},
    "disordered": {"messages": [{"role": "assistant", "content": "first"}, {"role": "system", "content": "late"}]},
    "variables": {"messages": [{"role": "user", "content": "x"}], "enable_thinking": False, "date_string": "26 Jul 2024", "bos_token": "<B>"},
}


def render(template, chat, prompt):
    chat = dict(chat)
    messages = _normalize_chat_messages(chat.pop("messages"))
    tools = chat.pop("tools", None)
    try:
        (text,), (spans,) = render_jinja_template(
            [messages], tools=tools, chat_template=template, return_assistant_tokens_mask=True,
            add_generation_prompt=prompt, **{**TOKENS, **chat},
        )
        # Python counts code points, JavaScript UTF-16 code units.
        units = lambda end: len(text[:end].encode("utf-16-le")) // 2
        return {"text": text, "generated": [{"start": units(start), "end": units(end)} for start, end in spans]}
    except Exception as error:
        return {"error": str(error)}


def main():
    cases = []
    for (name, template), (chat_name, chat), prompt in itertools.product(TEMPLATES.items(), CHATS.items(), [False, True]):
        cases.append({"template": name, "chat": chat_name, "prompt": prompt, **render(template, chat, prompt)})
    data = {"transformers": transformers.__version__, "tokens": TOKENS, "templates": TEMPLATES, "chats": CHATS, "cases": cases}
    OUT.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf8")
    print(len(cases), sum("error" in case for case in cases), "errors", transformers.__version__)
    for case in cases:
        if "error" in case: print(case["template"], case["chat"], case["error"][:100])


main()
