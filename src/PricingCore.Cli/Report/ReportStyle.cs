namespace PricingCore.Cli.Report;

/// <summary>The style and the script that every report carries.</summary>
/// <remarks>
/// Colours: the Okabe-Ito palette for lines and ColorBrewer's Oranges for the heat map, both chosen to be told apart by colour-blind readers.
/// Neither text holds characters that HTML or XML would need encoded, so both pass through <see cref="Markup"/> unchanged.
/// </remarks>
internal static class ReportStyle
{
    public static Markup Css { get; } = new Markup().Add($$$"""

        :root{color-scheme:light dark;--paper:#fff;--ink:#1d2329;--soft:#5d6771;--grid:#e4e7ea;--axis:#9aa3ab;--shade:#0072b214;--hover:#1d232914;
        --s0:#0072b2;--s1:#d55e00;--s2:#00866a;--s3:#a3507f;--s4:#7a6a00;--off:#9aa3ab;--down:#0072b2;
        --h0:#fff5eb;--h1:#fee6ce;--h2:#fdd0a2;--h3:#fdae6b;--h4:#fd8d3c;--h5:#f16913;--h6:#d94801;--h7:#a63603;--h8:#7f2704}
        @media (prefers-color-scheme:dark){:root{--paper:#15181c;--ink:#e7eaed;--soft:#9ba5af;--grid:#2b3138;--axis:#5d6771;--shade:#56b4e91f;--hover:#ffffff1f;
        --s0:#56b4e9;--s1:#f5923e;--s2:#2fc79b;--s3:#dd92bd;--s4:#d8c93c;--off:#76808a;--down:#56b4e9;
        --h0:#1f2329;--h1:#37281d;--h2:#553419;--h3:#794316;--h4:#a05414;--h5:#c9681b;--h6:#e98838;--h7:#f7b27a;--h8:#fde0c2}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:1080px;padding:24px 20px 64px;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
        h1{font-size:26px;line-height:1.2;margin:8px 0}h2{font-size:18px;line-height:1.3;margin:44px 0 4px}
        .lead{font-size:17px;max-width:46em;margin:0 0 16px}.note{color:var(--soft);max-width:52em;margin:0 0 12px}
        dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:10px 20px;margin:0 0 14px;padding:14px 0;border:solid var(--grid);border-width:1px 0}
        dt{color:var(--soft);font-size:13px}dd{margin:0;font-weight:600;overflow-wrap:anywhere}
        .command{color:var(--soft)}code{font:13px ui-monospace,Menlo,Consolas,monospace;color:var(--ink);overflow-wrap:anywhere}
        .chart{display:block;width:100%;height:auto;overflow:visible}.wide,.table{overflow-x:auto;margin-bottom:14px}.wide .chart{min-width:720px}.narrow{max-width:760px;overflow-x:auto}.narrow .chart{min-width:520px}
        svg text{font-size:12px;fill:var(--ink)}svg .tick,svg .unit{fill:var(--soft)}svg .tick{font-size:11px}.end{text-anchor:end}.mid{text-anchor:middle}
        .grid{stroke:var(--grid);stroke-width:1}.axis{stroke:var(--axis);stroke-width:1}.line{fill:none;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}
        .s0{stroke:var(--s0)}.s1{stroke:var(--s1)}.s2{stroke:var(--s2)}.s3{stroke:var(--s3)}.s4{stroke:var(--s4)}
        svg .t0{fill:var(--s0)}svg .t1{fill:var(--s1)}svg .t2{fill:var(--s2)}svg .t3{fill:var(--s3)}svg .t4{fill:var(--s4)}svg .t5{fill:var(--off)}
        .mark{fill:var(--shade)}svg .markname{fill:var(--soft);font-size:11px}.hit{fill:transparent}.hit:hover{fill:var(--hover)}
        .cell.none{fill:transparent}.h0{fill:var(--h0)}.h1{fill:var(--h1)}.h2{fill:var(--h2)}.h3{fill:var(--h3)}.h4{fill:var(--h4)}.h5{fill:var(--h5)}.h6{fill:var(--h6)}.h7{fill:var(--h7)}.h8{fill:var(--h8)}
        .heat .cell:hover{stroke:var(--ink);stroke-width:1.5}
        .bar.base{fill:var(--s0)}.bar.up,.bar.on{fill:var(--s1)}.bar.down{fill:var(--s2)}.bar.off{fill:var(--off)}.bar.total{fill:var(--ink)}svg .label.total{font-weight:700}
        .quantile{stroke:var(--ink);stroke-width:1;stroke-dasharray:3 3}
        .multiples{display:grid;grid-template-columns:repeat(auto-fill,minmax(270px,1fr));gap:14px 22px}figure{margin:0;max-width:380px}figcaption{font-size:14px}figcaption span{color:var(--soft)}
        details{margin-top:14px}summary{cursor:pointer;color:var(--s0);margin-bottom:10px}
        table{border-collapse:collapse;width:100%;font-size:14px}th,td{padding:5px 10px;text-align:right;border-bottom:1px solid var(--grid);white-space:nowrap}th{color:var(--soft);font-weight:500}th:first-child,td:first-child{text-align:left;padding-left:0}
        #tip{position:fixed;display:none;white-space:pre;pointer-events:none;background:var(--ink);color:var(--paper);padding:5px 9px;border-radius:4px;font-size:13px;line-height:1.35;z-index:9}
        @media print{body{max-width:none;padding:0}section,figure{break-inside:avoid}details,#tip{display:none}}

        """);

    /// <summary>Shows the text of whatever is pointed at; without it the page only lacks its tips.</summary>
    public static Markup Script { get; } = new Markup().Add($$$"""

        (function(){
        var tip=document.getElementById("tip");
        function show(e){
          var t=e.target.getAttribute ? e.target.getAttribute("data-tip") : null;
          if(!t){tip.style.display="none";return;}
          tip.textContent=t;tip.style.display="block";
          tip.style.left=Math.max(4,Math.min(e.clientX+14,window.innerWidth-tip.offsetWidth-8))+"px";
          tip.style.top=Math.max(4,Math.min(e.clientY+14,window.innerHeight-tip.offsetHeight-8))+"px";
        }
        document.addEventListener("pointermove",show);document.addEventListener("pointerdown",show);
        })();

        """);
}
