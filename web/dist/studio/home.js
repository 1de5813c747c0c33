import{d as e,r as t,t as n,u as r}from"./waiting.js";import{r as i,t as a}from"./studio.js";import{i as o,t as s}from"./format.js";import{d as c}from"./Box.js";var l=c(),u={INITIAL:`live`,PUBLISH:`published`,ROLL_BACK:`rolled back`,PROMOTE:`promoted`,SCHEDULED:`went live as scheduled`};function d({environments:e}){return(0,l.jsx)(`ul`,{className:`environments`,"aria-label":`Environments`,children:e.map(({id:e,key:t,live:n,activations:r})=>{let i=r.edges[0]?.node;return(0,l.jsxs)(`li`,{className:`card environment`,children:[(0,l.jsxs)(`span`,{className:`row`,children:[(0,l.jsx)(`code`,{children:t}),n&&(0,l.jsx)(`span`,{className:`tag`,"data-tone":`accent`,children:`live`})]}),(0,l.jsx)(`b`,{children:n?`Release ${n.number}`:`Nothing yet`}),(0,l.jsx)(`p`,{className:`muted`,dir:`auto`,children:n?n.title:`The first publish makes a release and shows it here.`}),i&&(0,l.jsxs)(`p`,{className:`faint`,title:o(i.at),children:[u[i.kind],` `,s(i.at),i.actor&&` by ${i.actor.name}`]})]},e)})})}var f=e(`
  query StudioHome($slug: String!) {
    frontend(slug: $slug) {
      environments {
        id key
        live { id number title }
        activations(first: 1) { edges { node { id kind at actor { name } } } }
      }
    }
  }
`);function p(){let{frontend:e}=t(),[{data:o,error:s}]=r({query:f,variables:{slug:e.slug},on:[`FRONTEND`,`RELEASES`,`SCHEDULES`,`SCREENS`]}),c=o?.frontend;return(0,l.jsx)(a,{title:e.name,children:c?(0,l.jsx)(d,{environments:c.environments}):s?(0,l.jsx)(i,{}):(0,l.jsx)(n,{rows:3,height:96})})}export{p as default};