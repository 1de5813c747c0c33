import{h as e,t}from"./gql.js";import{a as n,n as r}from"./jsx-runtime.js";var i=n(r(),1),a=new URL(`/graphql`,location.href),o={headers:{accept:`application/graphql-response+json, application/json`}},s=t(`
  query StudioViewer {
    viewer { ...StudioViewerFacts }
  }
  fragment StudioViewerFacts on Viewer {
    actor { id name }
    credential
    scopes
    grants { role scopes frontend frontendSlug environments services }
    member { id email name }
  }
`),c={phase:`asking`,viewer:void 0,times:0},l=new Set;function u(e){c=e;for(let e of l)e()}var d=()=>c;function f(e){return l.add(e),()=>l.delete(e)}var p=()=>(0,i.useSyncExternalStore)(f,d),m=()=>p().viewer,h;function g(){return h??=_().finally(()=>h=void 0),h}async function _(){let t,n=!1;try{t=(await(await fetch(a,{method:`POST`,headers:{...o.headers,"content-type":`application/json`},body:JSON.stringify({query:e(s),operationName:`StudioViewer`,variables:{}})})).json()).data?.viewer,n=!0}catch{}return t?v(t):(c.phase===`asking`||c.phase===`away`)&&u({...c,phase:n?`in`:`away`}),c.phase!==`ended`}function v(e){e.credential===`NONE`?c.phase===`in`?u({...c,phase:`ended`}):c.phase!==`ended`&&u({...c,phase:`anonymous`,viewer:e}):y(e)}function y(e){let t=c;(t.phase===`ended`||t.phase===`in`)&&t.viewer?.actor.id!==e.actor.id?location.assign(`/studio`):(t.phase!==`in`||JSON.stringify(t.viewer)!==JSON.stringify(e))&&u({phase:`in`,viewer:e,times:t.phase===`in`?t.times:t.times+1})}function b(){return new Promise(e=>{let t=()=>{c.phase===`in`&&(n(),e())},n=f(t);t()})}export{p as a,a as c,y as i,o as l,d as n,m as o,f as r,b as s,g as t};