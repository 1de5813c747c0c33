import{u as e}from"./viewer.js";import{r as t}from"./format.js";import{t as n}from"./fresh.js";import{R as r}from"./studio.js";import{t as i}from"./jsx-runtime.js";var a=i(),o=e(`
  query StudioBlockUsage($slug: String!, $screen: ID!, $environment: String!) {
    frontend(slug: $slug) { usageEnabled }
    node(id: $screen) {
      ... on Screen {
        id
        day: usage(environment: $environment, window: DAY) { count { views clicks renderErrors } blocks { blockKey count { views clicks renderErrors } } }
        week: usage(environment: $environment, window: WEEK) { count { views clicks renderErrors } blocks { blockKey count { views clicks renderErrors } } }
      }
    }
  }
`),s={views:0,clicks:0,renderErrors:0};function c({screen:e,block:i}){let{frontend:c,environment:l}=r(),[{data:u}]=n({query:o,variables:{slug:c.slug,screen:e,environment:l.key},on:[`FRONTEND`,`RELEASES`]}),d=u?.node&&`day`in u.node&&u.frontend?.usageEnabled?u.node:void 0;if(!d)return null;let f=e=>i===null?e.count:e.blocks.find(({blockKey:e})=>e===i)?.count??s,p=f(d.day),m=f(d.week);return(0,a.jsxs)(`table`,{className:`block-usage`,children:[(0,a.jsxs)(`caption`,{className:`faint`,children:[i===null?`This screen`:`This block`,` in `,l.key]}),(0,a.jsx)(`thead`,{children:(0,a.jsxs)(`tr`,{children:[(0,a.jsx)(`td`,{}),(0,a.jsx)(`th`,{scope:`col`,children:`views`}),(0,a.jsx)(`th`,{scope:`col`,children:`clicks`}),(0,a.jsx)(`th`,{scope:`col`,children:`errors`})]})}),(0,a.jsx)(`tbody`,{children:[[`24 hours`,p],[`7 days`,m]].map(([e,n])=>(0,a.jsxs)(`tr`,{children:[(0,a.jsx)(`th`,{scope:`row`,children:e}),(0,a.jsx)(`td`,{children:t(n.views)}),(0,a.jsx)(`td`,{children:t(n.clicks)}),(0,a.jsx)(`td`,{"data-bad":n.renderErrors>0||void 0,children:t(n.renderErrors)})]},e))})]})}export{c as BlockUsage};