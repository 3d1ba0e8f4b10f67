// Turns the pictures of a pagu report into interactive charts. Each figure holds its data as JSON
// (src/io/chart_json.c); the static picture stays for paper and for readers without scripts.
// Names come from plans: they are only ever text (rich-text tooltips, no HTML).
// SPDX-License-Identifier: MIT
import * as echarts from "echarts/core";
import { BarChart, CustomChart, LineChart, ScatterChart, SunburstChart, TreemapChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";

echarts.use([BarChart, CustomChart, LineChart, ScatterChart, SunburstChart, TreemapChart, AriaComponent,
  GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

// Okabe and Ito (2008), as in src/io/chart_canvas.c.
const palette = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#5c5c5c", "#882255",
  "#44aa99", "#999933", "#aa4499"];
const ROW = 16;
// Named, not inherited: lengths of texts are measured outside the page.
const fonts = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif";

const words = {
  id: { magnitudes: ["triliun", "miliar", "juta"], of: "dari", percent: "% dari target", up: "Naik", down: "Turun",
    total: "Jumlah", rest: "(belum dirinci)", cut: "sumbu tidak mulai dari nol" },
  en: { magnitudes: ["trillion", "billion", "million"], of: "of", percent: "% of target", up: "Up", down: "Down",
    total: "Total", rest: "(not broken down)", cut: "the axis doesn't start at zero" },
};

/** Numbers in the reader's language: 4,46 miliar. */
function numbers(data) {
  const locale = data.lang === "en" ? "en" : "id-ID";
  const format = (value, places) =>
    new Intl.NumberFormat(locale, { minimumFractionDigits: places, maximumFractionDigits: places }).format(value);
  const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
  const parts = (value) => {
    const i = [1e12, 1e9, 1e6].findIndex((unit) => Math.abs(value) >= unit);
    return i < 0 ? [value, ""] : [value / [1e12, 1e9, 1e6][i], ` ${words[data.lang].magnitudes[i]}`];
  };
  const tick = (value) => {
    const [shown, word] = parts(value);
    return plain.format(Math.round(shown * 1000) / 1000) + word + (data.unit === "%" ? "%" : "");
  };
  const short = (value) => {
    if (value === null || value === undefined || Number.isNaN(value)) return "–";
    if (data.unit === "%") return `${format(value, Number.isInteger(value) ? 0 : 1)}%`;
    const [shown, word] = parts(value);
    if (!word) return plain.format(Math.round(value * 100) / 100);
    return format(shown, Math.abs(shown) >= 100 ? 0 : Math.abs(shown) >= 10 ? 1 : 2) + word;
  };
  return { short, tick, share: (part, whole) => (whole ? ` (${format((100 * part) / whole, 1)}%)` : "") };
}

/** One axis of values, whose title is the unit. */
function valueAxis(data, lines, extra) {
  return { type: "value", name: data.unit === "%" ? "" : data.unit, nameLocation: "end",
    nameTextStyle: { color: "#404040" }, axisLabel: { formatter: lines.tick, hideOverlap: true, color: "#404040" },
    splitLine: { lineStyle: { color: "#ddd" } }, ...extra };
}

const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

const LINES = 3;
const pen = document.createElement("canvas").getContext("2d");

/** A label in at most LINES lines of a width, cut with an ellipsis. */
function wrapped(label, width) {
  pen.font = `13px ${fonts}`;
  const fits = (text) => pen.measureText(text).width <= width;
  const lines = [""];
  for (const word of label.split(/\s+/)) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (fits(longer) || !lines.at(-1)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  const shown = lines.slice(0, LINES);
  if (lines.length > LINES) shown[LINES - 1] += "…";
  return shown.map((line) => {
    let text = line;
    while (text.length > 2 && !fits(text)) text = `${text.slice(0, -2)}…`;
    return text;
  }).join("\n");
}

function categoryAxis(labels, lying, width) {
  return { type: "category", data: labels, inverse: lying, axisTick: { show: !lying },
    axisLabel: lying
      ? { interval: 0, formatter: (label) => wrapped(label, width), lineHeight: ROW, color: "#1a1a1a", fontSize: 13 }
      : { hideOverlap: true, color: "#1a1a1a", fontSize: 13 } };
}

/** A lying axis has its title below. */
const below = (axis) => ({ ...axis, nameLocation: "middle", nameGap: 28 });

/** Names stand at the left where they are long, else below. */
function frame(data, lines, width, lying, value, bars, legend) {
  const names = lying ? Math.min(280, width * 0.38) : 0;
  const perRow = lying
    ? Math.max(Math.max(...data.labels.map((label) => wrapped(label, names).split("\n").length)) * ROW + 12, bars * 18 + 10)
    : 0;
  return {
    height: lying ? data.labels.length * perRow + 60 + (legend ? 30 : 0) : 440,
    grid: { left: lying ? names + 14 : 10, right: lying ? (data.kind === "compare" ? 24 : 90) : 24, top: (lying ? 8 : 34) + (legend ? 30 : 0),
      bottom: lying ? 50 : 8, containLabel: !lying },
    xAxis: lying ? below(value) : categoryAxis(data.labels, false),
    yAxis: lying ? categoryAxis(data.labels, true, names) : value,
  };
}

function isLying(data, width) {
  const longest = Math.max(...data.labels.map((label) => label.length));
  return data.labels.length < 2 || longest * 8 > (width - 80) / data.labels.length;
}

function rowTip(data) {
  return (params) => {
    const list = Array.isArray(params) ? params : [params];
    const i = list[0].dataIndex;
    return [data.labels[i], ...data.series.map((s) => `${s.name}: ${s.texts[i] || "–"}`)].join("\n");
  };
}

function bars(data, lines, width) {
  const lying = isLying(data, width);
  const stacked = data.kind === "stacked";
  const shape = frame(data, lines, width, lying, valueAxis(data, lines), stacked ? 1 : data.series.length,
    data.series.length > 1);
  return { ...shape, legend: { show: data.series.length > 1, top: 0, left: 0 },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, formatter: rowTip(data) },
    series: data.series.map((s) => ({ type: "bar", name: s.name, data: s.values, barMaxWidth: 46,
      stack: stacked ? "all" : undefined,
      label: { show: !stacked && (lying || data.labels.length * data.series.length <= 8),
        position: lying ? "right" : "top", fontSize: 11, formatter: (p) => lines.short(p.value) } })) };
}

function plainLines(data, lines, width) {
  return { ...frame(data, lines, width, false, valueAxis(data, lines, { scale: true }), 1, data.series.length > 1),
    legend: { show: data.series.length > 1, top: 0, left: 0 },
    tooltip: { trigger: "axis", formatter: rowTip(data) },
    series: data.series.map((s) => ({ type: "line", name: s.name, data: s.values, symbolSize: 8,
      lineStyle: { width: 2.5 } })) };
}

/** Where low and high are missing, the middle is history; the band opens at its last point. */
function fan(data, lines, width) {
  const [low, middle, high] = data.series.map((s) => s.values);
  const forecast = low.findIndex((v, i) => v !== null || high[i] !== null);
  const open = forecast > 0 ? forecast - 1 : 0;
  const edge = (values) => middle.map((v, i) => (i < open ? null : values[i] ?? v));
  const lows = edge(low), highs = edge(high);
  const band = { type: "line", symbol: "none", stack: "band", stackStrategy: "all", silent: true,
    lineStyle: { opacity: 0 }, tooltip: { show: false } };
  const line = (s, values, style) =>
    ({ type: "line", name: s.name, data: values, symbolSize: 7, lineStyle: style, itemStyle: { color: style.color } });
  const pale = { width: 2, color: "#6baed6" };
  return { ...frame(data, lines, width, false, valueAxis(data, lines, { scale: true }), 1, true),
    legend: { top: 0, left: 0, data: data.series.map((s) => s.name) },
    tooltip: { trigger: "axis", formatter: rowTip(data) },
    series: [{ ...band, data: lows }, { ...band, data: highs.map((v, i) => (v === null ? null : v - lows[i])),
      areaStyle: { color: "#9ecae1", opacity: 0.6 } },
      line(data.series[0], low, pale),
      line(data.series[1], middle.map((v, i) => (i > open && forecast >= 0 ? null : v)),
        { width: 2.5, color: palette[0] }),
      line(data.series[1], middle.map((v, i) => (i >= open && forecast >= 0 ? v : null)),
        { width: 2.5, type: "dashed", color: palette[0] }),
      line(data.series[2], high, pale)] };
}

function waterfall(data, lines, width) {
  const word = words[data.lang];
  let running = 0;
  const steps = data.series[0].values.map((v, i) => {
    const from = data.totals[i] ? 0 : running;
    running = data.totals[i] ? v ?? running : running + (v ?? 0);
    return { from, to: running, total: data.totals[i] };
  });
  const ends = steps.flatMap((s, i) => (s.total || i === 0 ? [s.to] : [s.from, s.to]));
  const low = Math.min(...ends), high = Math.max(...ends);
  const zoomed = low > 0 && steps[0].total && high > low && high - low < 0.4 * high;
  const axis = valueAxis(data, lines, zoomed ? { min: low - (high - low) * 0.25, scale: true } : {});
  if (zoomed) axis.name = [axis.name, word.cut].filter(Boolean).join(" · ");
  const colour = (s) => (s.total ? "#5c5c5c" : s.to < s.from ? "#d55e00" : "#0072b2");
  const shape = frame(data, lines, width, true, axis, 1, false);
  return { ...shape, tooltip: { trigger: "item", formatter: rowTip(data) },
    series: [{ type: "custom", name: data.series[0].name, clip: true,
      data: steps.map((s, i) => ({ value: [s.from, s.to, i], itemStyle: { color: colour(s) } })),
      encode: { x: [0, 1], y: 2 },
      renderItem(params, api) {
        const s = steps[params.dataIndex];
        const a = api.coord([s.from, params.dataIndex]), b = api.coord([s.to, params.dataIndex]);
        const left = Math.max(Math.min(a[0], b[0]), params.coordSys.x), right = Math.max(a[0], b[0]);
        const change = s.total ? s.to : s.to - s.from;
        return { type: "group", children: [
          { type: "rect", shape: { x: left, y: a[1] - 14, width: Math.max(right - left, 1), height: 28 },
            style: { fill: colour(s) } },
          { type: "text", x: right + 5, y: a[1], style: { text: (!s.total && change > 0 ? "+" : "") + lines.short(change),
            fill: "#1a1a1a", fontSize: 12, verticalAlign: "middle" } }] };
      } }] };
}

function compare(data, lines, width) {
  const [target, achieved] = data.series;
  const units = new Set(data.series.flatMap((s) => s.units.filter((_, i) => s.values[i] !== null)));
  const percent = !data.money && units.size > 1;
  const shown = (s, i) => {
    if (!percent) return s.values[i];
    return target.values[i] && s.values[i] !== null ? (100 * s.values[i]) / target.values[i] : null;
  };
  const values = (s) => data.labels.map((_, i) => shown(s, i));
  const axis = percent
    ? { ...valueAxis(data, lines, { max: (v) => Math.min(Math.max(v.max, 100), 150) }), name: words[data.lang].percent,
      axisLabel: { formatter: (v) => String(Math.round(v)) } }
    : valueAxis(data, lines);
  const shape = frame(data, lines, width, true, axis, 1, true);
  return { ...shape, color: ["#0072b2", "#d55e00"], legend: { top: 0, left: 0 },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, formatter: (params) => {
      const i = (Array.isArray(params) ? params[0] : params).dataIndex;
      return `${data.labels[i]}\n${achieved.texts[i] || "–"} ${words[data.lang].of} ${target.texts[i] || "–"}`
        + (achieved.values[i] === null ? "" : lines.share(achieved.values[i], target.values[i]));
    } },
    series: [{ type: "bar", name: achieved.name, data: values(achieved), barWidth: 16 },
      { type: "scatter", name: target.name, data: values(target).map((v, i) => [v, i]), symbol: "rect",
        symbolSize: [3, 24], itemStyle: { opacity: 1 } }] };
}

/** A colour mixed with white, and the ink that reads on it (as tint and ink_on in C). */
const channels = (colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
const tint = (colour, share) =>
  `#${channels(colour).map((c) => Math.round(c + (255 - c) * share).toString(16).padStart(2, "0")).join("")}`;
const ink = (colour) => {
  const [r, g, b] = channels(colour).map((c) => (c / 255) ** 2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#1a1a1a" : "#ffffff";
};

/** The tree of the rows, largest first; what children leave of a node's own figure is a part of its own. */
function tree(data) {
  const nodes = data.labels.map((full, i) => ({ full, name: cut(full, 32), own: data.series[0].values[i] ?? 0,
    text: data.series[0].texts[i], children: [] }));
  const tops = [];
  nodes.forEach((node, i) => (data.parents[i] === null ? tops : nodes[data.parents[i]].children).push(node));
  const measure = (node) => {
    const below = node.children.map(measure).reduce((a, b) => a + b, 0);
    node.value = Math.max(node.own, below, 0);
    node.children = node.children.filter((child) => child.value > 0).sort((a, b) => b.value - a.value);
    if (node.children.length && node.value - below > below * 1e-9) {
      const rest = words[data.lang].rest;
      node.children.push({ full: `${node.full} ${rest}`, name: rest, value: node.value - below, text: "", children: [],
        rest: true });
    }
    return node.value;
  };
  const total = tops.map(measure).reduce((a, b) => a + b, 0);
  const shown = tops.filter((node) => node.value > 0).sort((a, b) => b.value - a.value);
  return { total, parts: shown.length === 1 && shown[0].children.length ? shown[0].children : shown };
}

function paint(nodes, depth, colour, style) {
  nodes.forEach((node, i) => {
    const hue = colour || palette[i % palette.length];
    Object.assign(node, style(node.rest ? "#e8e8e8" : hue, depth, node));
    paint(node.children, depth + 1, hue, style);
  });
}

function treeTip(lines, total) {
  return (p) => (p.data && p.data.full
    ? `${p.data.full}\n${p.data.text || lines.short(p.value)}${lines.share(p.value, total)}` : "");
}

function treemap(data, lines) {
  const { total, parts } = tree(data);
  const figure = (p) => `${lines.short(p.value)}${lines.share(p.value, total)}`;
  paint(parts, 0, null, (hue, depth, node) => {
    const colour = node.rest ? hue : tint(hue, node.children.length ? [0, 0.3, 0.48, 0.58][Math.min(depth, 3)] : 0.7);
    return { itemStyle: { color: colour, borderColor: node.children.length ? colour : "#fff",
      borderWidth: node.children.length ? 3 : 1, gapWidth: 2 }, label: { color: ink(colour) },
    upperLabel: { color: ink(colour) } };
  });
  return { height: 560, tooltip: { formatter: treeTip(lines, total) },
    series: [{ type: "treemap", data: parts, roam: false, leafDepth: 3, nodeClick: "zoomToNode", left: 0, right: 0,
      top: 0, bottom: 30, breadcrumb: { bottom: 0, left: 0, height: 22, emptyItemWidth: 24,
        itemStyle: { color: "#1f3a5f", textStyle: { color: "#fff", fontFamily: fonts } } },
      label: { formatter: (p) => `${p.data.full}\n${figure(p)}`, overflow: "truncate", lineHeight: 15, fontSize: 12,
        position: "insideTopLeft" },
      levels: [{ upperLabel: { show: false } }],
      upperLabel: { show: true, height: 20, fontSize: 12, fontWeight: "bold", overflow: "truncate",
        formatter: (p) => `${p.data.full} · ${figure(p)}` } }] };
}

function sunburst(data, lines, width) {
  const { total, parts } = tree(data);
  const height = Math.min(620, Math.max(340, width));
  const prune = (nodes, left) => nodes.forEach((node) => {
    if (left === 1) node.children = [];
    prune(node.children, left - 1);
  });
  const levels = (nodes) => (nodes.length ? 1 + Math.max(...nodes.map((node) => levels(node.children))) : 0);
  prune(parts, 4);
  const ring = (height * 0.41) / levels(parts);
  paint(parts, 0, null, (hue, depth, node) => {
    const colour = node.rest ? hue : tint(hue, Math.min(0.6, 0.22 * depth));
    return { itemStyle: { color: colour }, label: { color: ink(colour) } };
  });
  return { height, tooltip: { formatter: treeTip(lines, total) },
    series: [{ type: "sunburst", data: parts, radius: ["16%", "98%"], sort: null, itemStyle: { borderColor: "#fff", borderWidth: 1 },
      label: { rotate: "radial", minAngle: 6, overflow: "truncate", width: ring - 8, fontSize: 11,
        formatter: (p) => (p.data ? p.data.full : p.name) } }] };
}

const kinds = { bar: bars, stacked: bars, line: plainLines, fan, waterfall, compare, treemap, sunburst };

function upgrade(figure) {
  const source = figure.querySelector('script[type="application/json"]');
  if (!source) return;
  const data = JSON.parse(source.textContent);
  if (!data.series.some((s) => s.values.some((v) => v !== null))) return;
  const spoken = figure.querySelector("desc");
  const live = document.createElement("div");
  live.className = "live";
  figure.insertBefore(live, figure.querySelector(".picture"));
  figure.classList.add("is-live");
  const chart = echarts.init(live, null, { renderer: "svg", width: live.clientWidth, height: 100 });
  const draw = () => {
    const width = live.clientWidth;
    const { height, ...option } = kinds[data.kind](data, numbers(data), width);
    live.style.height = `${height}px`;
    chart.resize({ width, height });
    chart.setOption({ color: palette, animation: false, textStyle: { fontFamily: fonts, fontSize: 13 }, ...option,
      aria: { enabled: true, label: { description: `${data.title}. ${spoken ? spoken.textContent : ""}` } },
      tooltip: { renderMode: "richText", confine: true, ...option.tooltip } }, true);
  };
  draw();
  let before = live.clientWidth;
  new ResizeObserver(() => {
    if (live.clientWidth !== before && live.clientWidth > 0) {
      before = live.clientWidth;
      draw();
    }
  }).observe(live);
}

document.querySelectorAll("main figure").forEach(upgrade);
