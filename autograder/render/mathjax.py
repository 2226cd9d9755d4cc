"""Which TeX of a student's a page may typeset: MathJax, as formgrader and Jupyter have it, can paint over all around it.

The commands that neither measure, move, colour nor define anything are listed; text with any other stays text.
"""

import re

from bs4 import BeautifulSoup

_NAMES = frozenset(
    """
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu nu xi omicron pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega digamma Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell hbar imath jmath Re Im wp aleph beth nabla partial infty emptyset varnothing forall exists nexists neg lnot top bot angle triangle square blacksquare prime backprime checkmark degree dagger ddagger dag ddag S P sum prod coprod int iint iiint oint bigcup bigcap bigvee bigwedge bigoplus bigotimes bigodot biguplus bigsqcup pm mp times div
cdot ast star circ bullet cap cup uplus sqcap sqcup setminus smallsetminus wedge vee land lor oplus ominus otimes oslash odot diamond wr amalg bmod pmod mod pod le leq ge geq ll gg lll ggg ne neq eq equiv sim simeq approx approxeq cong doteq triangleq propto asymp leqslant geqslant lesssim gtrsim lt gt prec succ preceq succeq in notin ni owns subset supset subseteq supseteq subsetneq supsetneq sqsubset sqsupset mid nmid parallel nparallel perp vdash dashv models vDash therefore because not to gets mapsto longmapsto leftarrow rightarrow leftrightarrow longleftarrow longrightarrow longleftrightarrow Leftarrow Rightarrow Leftrightarrow Longleftarrow Longrightarrow
Longleftrightarrow uparrow downarrow updownarrow Uparrow Downarrow nearrow searrow swarrow nwarrow hookleftarrow hookrightarrow leftharpoonup rightharpoonup rightleftharpoons rightsquigarrow leadsto implies impliedby iff xrightarrow xleftarrow dots ldots cdots vdots ddots dotsb dotsc dotsi dotsm dotso colon quad qquad enspace enskip arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf injlim ker lg lim liminf limsup ln log max min Pr projlim sec sin sinh sup tan tanh operatorname argmin argmax frac dfrac tfrac cfrac over choose binom dbinom tbinom sqrt root of left right middle big Big bigg Bigg bigl Bigl biggl Biggl bigr
Bigr biggr Biggr bigm Bigm biggm Biggm lbrace rbrace lbrack rbrack langle rangle lfloor rfloor lceil rceil vert Vert lvert rvert lVert rVert backslash hat widehat tilde widetilde bar overline underline vec dot ddot dddot acute grave breve check mathring overbrace underbrace overrightarrow overleftarrow overset underset stackrel limits nolimits substack boxed begin end displaystyle textstyle scriptstyle scriptscriptstyle rm bf it sf tt cal mathrm mathbf mathit mathsf mathtt mathcal mathbb mathfrak mathscr mathnormal boldsymbol bm pmb text textrm textbf textit textsf texttt textnormal mbox mathop mathbin mathrel mathord mathopen mathclose mathpunct mathinner hline nonumber notag
""".split()
)
_ENVIRONMENTS = re.compile(
    r"(?:align|aligned|alignat|alignedat|gather|gathered|equation|split|multline|eqnarray|cases|array|[pbBvV]?matrix|smallmatrix)\*?"
)
_NEGATIVE_SPACES = 24
"""So many sixths of a letter's width a text may go back; more would pull a formula over what stands before it."""

_OPENS = re.compile(r"\$|\\[(\[]|\\begin\b|\\(?:eq)?ref\b")
_COMMAND = re.compile(r"\\(?:([A-Za-z]+)|.)", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\s*\{([^{}]*)\}")
_SPACED_ROW = re.compile(r"\\\\\s*\*?\s*\[\s*[-+.\d]")
_TAG_OR_BACKSLASH = re.compile(r"<[^>]*>|\\|&#92;")


def refuses(text: str) -> bool:
    """Whether there is anything in a text that MathJax could take for a formula and that is not on the list."""
    return bool(_OPENS.search(text)) and (
        any(match[1] not in _NAMES for match in _COMMAND.finditer(text) if match[1])
        or not all(_ENVIRONMENTS.fullmatch(name) for name in _ENVIRONMENT.findall(text))
        or text.count(r"\!") > _NEGATIVE_SPACES
        or bool(_SPACED_ROW.search(text))
    )


def page_refuses(soup: BeautifulSoup) -> bool:
    """The same of a page, on which MathJax leaves code alone."""
    if "\\" not in (whole := soup.get_text()):
        return False
    shown = [text for text in soup.find_all(string=True) if not text.find_parent(["code", "pre"])]
    return bool(_OPENS.search(whole)) and any(refuses(f"$ {joint.join(shown)}") for joint in ("", "\n"))


def tamed(html: str) -> str:
    """Harmless HTML in which MathJax finds no formula where it would find one that ``refuses`` names: it reads no code."""
    if not re.search(r"\\|&#92;", html) or not page_refuses(BeautifulSoup(html, "html.parser")):
        return html
    return _TAG_OR_BACKSLASH.sub(lambda found: found[0] if found[0][0] == "<" else f"<code>{found[0]}</code>", html)
