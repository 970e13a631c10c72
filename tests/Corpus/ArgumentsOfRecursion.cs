using System; using System.Collections.Generic; using System.Linq; using DiffGen;
namespace Corpus;
public static partial class T {
 static double Sum(List<double> ls){ double s=0; for(int i=0;i<ls.Count;i++) s+=ls[i]*ls[i]; return s*0.01; }
 [Differentiable, At("1.3, 0.7")] public static double NoBump(double x,double y){ var ls=new List<double>(); void Rec(double v,int d){ if(d>2) return; ls.Add(v*y); Rec(v*y,d+1); if(d<2) Rec(v+ls.Count,d+1); } Rec(x,0); return Sum(ls); }
 [Differentiable, At("1.3, 0.7")] public static double OneCall(double x,double y){ var ls=new List<double>(); void Rec(double v,int d){ if(d>2) return; ls.Add(v*y); Rec(v*y+ls.Count,d+1); } Rec(x,0); return Sum(ls); }
 [Differentiable, At("1.3, 0.7")] public static double LocalFirst(double x,double y){ var ls=new List<double>(); void Rec(double v,int d){ if(d>2) return; ls.Add(v*y); double c=ls.Count; Rec(v*y+c,d+1); } Rec(x,0); return Sum(ls); }
 [Differentiable, At("1.3, 0.7")] public static double IntFirst(double x,double y){ var ls=new List<double>(); void Rec(double v,int d){ if(d>2) return; ls.Add(v*y); int c=ls.Count; Rec(v*y+c,d+1); } Rec(x,0); return Sum(ls); }
 [Differentiable, At("1.3, 0.7")] public static double AsParameter(double x,double y){ var ls=new List<double>(); Rec(ls,x,y,0); return Sum(ls); }
 static void Rec(List<double> ls,double v,double y,int d){ if(d>2) return; ls.Add(v*y); Rec(ls,v*y+ls.Count,y,d+1); }
 [Differentiable, At("1.3, 0.7")] public static double NoRecursion(double x,double y){ var ls=new List<double>(); void R(double v){ ls.Add(v*y); ls.Add(v*v); } R(x+ls.Count); R(y*x+ls.Count); R(x*x+ls.Count); return Sum(ls); }
 [Differentiable, At("1.3, 0.7")] public static double InLoop(double x,double y){ var ls=new List<double>(); void R(double v){ ls.Add(v*y); ls.Add(v*v); } for(int i=0;i<3;i++) R(x+ls.Count); return Sum(ls); }
 [Differentiable, At("1.3, 0.7")] public static double TakesNumber(double x,double y){ var ls=new List<double>(); void Rec(double v,int d){ if(d>2) return; ls.Add(v*y); Rec(v*y*ls.Count,d+1); ls[^1]*=v; } Rec(x,0); return Sum(ls); }
 [Differentiable, At("1.3, 0.7")] public static double CapturedInt(double x,double y){ int n=0; double s=0; void Rec(double v,int d){ if(d>2) return; n++; s+=v*v*y; Rec(v*y,d+1); if(d<2) Rec(v+n,d+1); } Rec(x,0); return s; }
 [Differentiable, At("1.3, 0.7")] public static double CapturedArray(double x,double y){ var n=new int[1]; double s=0; void Rec(double v,int d){ if(d>2) return; n[0]++; s+=v*v*y; Rec(v*y,d+1); if(d<2) Rec(v+n[0],d+1); } Rec(x,0); return s; }
 [Differentiable, At("1.3, 0.7")] public static double CapturedIntList(double x,double y){ var n=new List<int>(); double s=0; void Rec(double v,int d){ if(d>2) return; n.Add(d); s+=v*v*y; Rec(v*y,d+1); if(d<2) Rec(v+n.Count+n[^1],d+1); } Rec(x,0); return s; }
 [Differentiable, At("1.3, 0.7")] public static double CapturedDict(double x,double y){ var n=new Dictionary<int,double>(); double s=0; void Rec(double v,int d){ if(d>2) return; n[n.Count]=v; s+=v*v*y; Rec(v*y,d+1); if(d<2) Rec(v+n.Count,d+1); } Rec(x,0); return s+n[1]*n[2]; }
 [Differentiable, At("1.3, 0.7")] public static double CapturedStack(double x,double y){ var n=new Stack<double>(); double s=0; void Rec(double v,int d){ if(d>2) return; n.Push(v); s+=v*v*y; Rec(v*y,d+1); if(d<2) Rec(v+n.Count,d+1); } Rec(x,0); return s+n.Pop()*n.Pop(); }
 [Differentiable, At("1.3, 0.7")] public static double CountAsInt(double x,double y){ var ls=new List<double>(); void Rec(double v,int c,int d){ if(d>2) return; ls.Add(v*y); Rec(v*y*c,ls.Count,d+1); if(d<2) Rec(v*v,ls.Count,d+1); } Rec(x,1,0); return Sum(ls); }
 [Differentiable, At("1.3, 0.7")] public static double CountUsedLater(double x,double y){ var ls=new List<double>(); double s=x; void Rec(double v,int d){ if(d>2) return; ls.Add(v*y); s*=ls.Count*y; Rec(v*y,d+1); s+=v*ls.Count; } Rec(x,0); return Sum(ls)+s; }
}
