// The look of <photoscan-check>. Sites change it by custom properties on the element, and by ::part.

export const STYLE = `
:host{display:block;--_ink:var(--photoscan-ink,#1a212c);--_soft:var(--photoscan-soft,#515a67);--_paper:var(--photoscan-paper,#fff);
--_line:var(--photoscan-line,#c9c3b6);--_accent:var(--photoscan-accent,#0b5c6b);--_on:var(--photoscan-on-accent,#fff);
--_stop:var(--photoscan-stop,#a01238);--_look:var(--photoscan-look,#855600);--_fine:var(--photoscan-fine,#186a40);
--_round:var(--photoscan-radius,12px);color:var(--_ink);font:var(--photoscan-font,inherit);line-height:1.5}
:host([hidden]){display:none}
@media (prefers-color-scheme:dark){:host(:not([theme=light])){--_ink:var(--photoscan-ink,#eef1f5);--_soft:var(--photoscan-soft,#adb7c5);
--_paper:var(--photoscan-paper,#1a2029);--_line:var(--photoscan-line,#46515f);--_accent:var(--photoscan-accent,#7fd3e3);
--_on:var(--photoscan-on-accent,#062229);--_stop:var(--photoscan-stop,#ff98b2);--_look:var(--photoscan-look,#f2c566);
--_fine:var(--photoscan-fine,#8adcae);color-scheme:dark}}
:host([theme=dark]){--_ink:var(--photoscan-ink,#eef1f5);--_soft:var(--photoscan-soft,#adb7c5);--_paper:var(--photoscan-paper,#1a2029);
--_line:var(--photoscan-line,#46515f);--_accent:var(--photoscan-accent,#7fd3e3);--_on:var(--photoscan-on-accent,#062229);
--_stop:var(--photoscan-stop,#ff98b2);--_look:var(--photoscan-look,#f2c566);--_fine:var(--photoscan-fine,#8adcae);color-scheme:dark}
*{box-sizing:border-box}
[hidden]{display:none!important}
.frame{position:relative;background:var(--_paper);border:1px solid var(--_line);border-radius:var(--_round);padding:1rem}
.frame,[data-part=result]{display:grid;gap:.6rem;grid-template-columns:minmax(0,1fr)}
label{font-weight:650}
input{font:inherit;color:inherit;width:100%}
h3,h4,p,ul,figure{margin:0}
ul{padding-left:1.2em}
h3{font-size:1.2em;line-height:1.25}
h3:focus{outline:none}
h3.allow{color:var(--_fine)}h3.review,h3.incomplete{color:var(--_look)}h3.block{color:var(--_stop)}
h4{font-size:1em;margin-top:.3em}
[data-part=result]:empty,.status:empty{display:none}
.status{color:var(--_soft);font-size:.92em}
.frame:not([aria-busy=true]) .status{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.caveat,figcaption,.findings span{color:var(--_soft);font-size:.92em}
.findings,.notices,.reasons{display:grid;gap:.25rem;overflow-wrap:anywhere}
.pictures{display:grid;gap:.75rem;grid-template-columns:repeat(auto-fit,minmax(min(15rem,100%),1fr))}
.pictures:empty{display:none}
.picture{position:relative;width:fit-content;max-width:100%;line-height:0}
img{max-width:100%;max-height:24rem;border-radius:calc(var(--_round) / 2)}
svg{position:absolute;inset:0;width:100%;height:100%;overflow:visible;filter:drop-shadow(0 0 1px #fff) drop-shadow(0 0 1px #fff)}
rect{fill:none;stroke:var(--photoscan-box,#a01238);stroke-width:2px;vector-effect:non-scaling-stroke;paint-order:stroke}
rect.possible{stroke-dasharray:5 5;stroke-width:2px;display:none}
svg.all rect.possible{display:inline}
summary{cursor:pointer;min-height:1.75rem}
rect.near{stroke-width:5px}
.buttons{display:flex;flex-wrap:wrap;gap:.6rem;margin-top:.2rem}
.buttons:empty{display:none}
button{font:inherit;font-weight:650;border-radius:var(--_round);border:2px solid var(--_accent);padding:.55rem 1rem;cursor:pointer;
background:none;color:var(--_accent);min-height:2.75rem}
button.primary{background:var(--_accent);color:var(--_on)}
button.quiet{border-color:transparent;text-decoration:underline}
:focus-visible{outline:3px solid var(--_accent);outline-offset:2px}
.wait{height:4px;border-radius:2px;background:var(--_line);overflow:hidden}
.runner{display:block;width:35%;height:100%;background:var(--_accent);animation:run 1.4s infinite ease-in-out}
@keyframes run{from{transform:translateX(-100%)}to{transform:translateX(300%)}}
@media (prefers-reduced-motion:reduce){.runner{animation:none;width:100%;opacity:.5}}
`;
